// The keyboard in a list: j k x Shift+x Enter Space e; a click on free space opens beside the list.
import { bind } from "./keys.js";
import { text } from "./lib.js";
import { closePanel, openPanel, panelIsOpen } from "./panel.js";
import { pick, selectRange, toggle } from "./selection.js";
import { show } from "./toast.js";

let currentId = null;
let anchor = null;
let opening = 0;
// a second click opens the cell, not the panel
const DOUBLE_CLICK_MS = 220;

const rows = () => [...document.querySelectorAll("[data-list] tr[data-row]")];
const current = () => rows().find((row) => row.dataset.id === currentId) ?? null;

function mark(row, { scroll = true } = {}) {
  for (const other of document.querySelectorAll("tr.is-current")) other.classList.remove("is-current");
  currentId = row?.dataset.id ?? null;
  if (!row) return;
  row.classList.add("is-current");
  if (scroll) row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
  mark(next);
  if (panelIsOpen() && next.dataset.peek) openPanel(next.dataset.peek);
  return true;
}

/** Run something with the marked row; without one the key is free for others. */
function withRow(act) {
  return () => {
    const row = current();
    // a fact in the panel beside has these keys for itself
    if (!row || document.activeElement?.matches("[data-edit-url]")) return false;
    return act(row) ?? true;
  };
}

function open(row) {
  const link = row.querySelector("a.cell-title[href]");
  location.assign(link?.href ?? row.dataset.href ?? location.href);
}

function edit(row) {
  if (!row.dataset.edit) return false;
  if ("locked" in row.dataset) return void show({ message: text("lockedrow"), level: "info" });
  window.htmx.ajax("GET", row.dataset.edit, { target: "#dialog" });
  return true;
}

function peek(row) {
  if (!row.dataset.peek) return false;
  if (panelIsOpen()) closePanel();
  else openPanel(row.dataset.peek);
  return true;
}

bind("j", () => move(1));
bind("k", () => move(-1));
bind("ArrowDown", () => (current() ? move(1) : false));
bind("ArrowUp", () => (current() ? move(-1) : false));
bind("Enter", withRow(open));
bind("o", withRow(open));
bind(" ", withRow(peek));
bind("e", withRow(edit));
bind("x", withRow((row) => {
  toggle(row);
  anchor = row;
}));
bind("Shift+x", withRow((row) => {
  if (anchor?.isConnected) selectRange(anchor, row);
  else toggle(row, true);
  anchor = row;
}));
bind("Escape", () => (panelIsOpen() ? false : pick(false)));

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-list] tr[data-row]");
  if (!row) return;
  mark(row, { scroll: false });
  const control = event.target.closest("a, button, input, select, textarea, label, summary, [data-edit-url], .cell-check, .cell-form");
  clearTimeout(opening);
  if (control || event.button || event.shiftKey || event.detail > 1 || getSelection()?.toString()) return;
  if (row.querySelector(".is-block")) return; // the end of a drag over cells
  if (matchMedia("(max-width: 760px)").matches || !row.dataset.peek) open(row);
  else opening = setTimeout(() => openPanel(row.dataset.peek), DOUBLE_CLICK_MS);
});

// the row stays marked when the list is fetched again
document.addEventListener("htmx:afterSettle", () => {
  const row = current();
  if (row && !row.classList.contains("is-current")) mark(row, { scroll: false });
});
