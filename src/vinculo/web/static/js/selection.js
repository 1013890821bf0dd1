// Selected rows and the bulk bar. The selection survives a refetch of the list, not a page change.
import { make, text } from "./lib.js";

const chosen = new Set();
let all = false;

const bar = () => document.getElementById("bulk");
const page = () => document.getElementById("main");
const rows = () => [...document.querySelectorAll("[data-list] tr[data-row]")];

function render() {
  const shown = rows();
  for (const row of shown) {
    const selected = all || chosen.has(row.dataset.id);
    row.setAttribute("aria-selected", String(selected));
    const box = row.querySelector("input.check");
    if (box) box.checked = selected;
  }
  const head = document.querySelector("[data-select-all]");
  const here = shown.filter((row) => row.ariaSelected === "true").length;
  if (head) {
    head.checked = here > 0 && here === shown.length;
    head.indeterminate = here > 0 && here < shown.length;
  }
  const bulk = bar();
  if (!bulk) return;
  const none = !all && chosen.size === 0;
  bulk.hidden = none && !picking();
  bulk.toggleAttribute("data-none", none && !bulk.hidden);
  const count = bulk.querySelector("[data-bulk-count]");
  const total = document.querySelector("[data-total]")?.dataset.total ?? "";
  if (count) count.textContent = bulk.hidden ? "" : text("selected", { n: all && total ? total : String(chosen.size) });
  const more = bulk.querySelector("[data-bulk-all]");
  if (!more) return;
  const others = document.querySelector(".pager a[rel=next], .pager a[rel=prev], [data-more]");
  more.hidden = all || here < shown.length || !others;
  more.textContent = more.hidden ? "" : text("selectall", { n: total });
}

/** How many rows are selected: "all" for all that match. */
export function chosenCount() {
  return all ? "all" : String(chosen.size);
}

export function toggle(row, on = !chosen.has(row.dataset.id)) {
  all = false;
  if (on) chosen.add(row.dataset.id);
  else chosen.delete(row.dataset.id);
  render();
}

export function clear() {
  const had = all || chosen.size > 0;
  all = false;
  chosen.clear();
  render();
  return had;
}

/** Whether rows are being ticked by a thumb: boxes stand on the cards, a tap ticks (picking.js). */
export function picking() {
  return Boolean(page()?.hasAttribute("data-picking"));
}

/** Begin or end that; ending it lets go of what was ticked. Says whether there was anything to end. */
export function pick(on) {
  const was = picking();
  page()?.toggleAttribute("data-picking", on);
  document.querySelector("[data-pick]")?.setAttribute("aria-pressed", String(on));
  if (!on) return clear() || was;
  render();
  return true;
}

/** Everything between two rows, both included. */
export function selectRange(from, to) {
  const shown = rows();
  const [a, b] = [shown.indexOf(from), shown.indexOf(to)].sort((x, y) => x - y);
  for (const row of shown.slice(Math.max(a, 0), b + 1)) chosen.add(row.dataset.id);
  all = false;
  render();
}

let last = null;
// the whole cell is the box: a thumb is wider than it
document.addEventListener("click", (event) => {
  if (event.target.matches("[data-list] .cell-check")) event.target.querySelector("input.check:not(:disabled)")?.click();
});
document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-list] input.check");
  if (box?.matches("[data-select-all]")) {
    for (const row of rows()) {
      if (box.checked) chosen.add(row.dataset.id);
      else chosen.delete(row.dataset.id);
    }
    all = false;
    render();
  } else if (box) {
    const row = box.closest("tr");
    if (event.shiftKey && last?.isConnected) selectRange(last, row);
    else toggle(row, box.checked);
    last = row;
  }
  if (event.target.closest("[data-bulk-clear]")) pick(false);
  if (event.target.closest("[data-bulk-all]")) {
    all = true;
    render();
  }
});

/** The selection as a request from the bar carries it; `query` is the list's own state. */
function told() {
  const list = document.querySelector("[data-list]");
  const state = { seen: list?.dataset.seen ?? "", query: list?.dataset.query ?? "" };
  return all ? { ...state, all: "1" } : { ...state, ids: [...chosen] };
}

// A file is taken away by a form of the page itself: it carries the selection as inputs.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-bulk-form]")) return;
  for (const old of form.querySelectorAll("[data-told]")) old.remove();
  for (const [name, values] of Object.entries(told())) {
    for (const value of [values].flat()) {
      form.append(make("input", { type: "hidden", name, value, "data-told": true }));
    }
  }
});

/** What a request from the bar is about: the rows, or "all that match" with the list's own query. */
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters } = event.detail;
  if (!elt.closest("#bulk, [data-bulk-form]")) return;
  for (const [name, value] of Object.entries(told())) parameters[name] = value;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.closest?.(".pager") || event.target.matches?.("#records") || event.target.querySelector?.("[data-list]") || event.target.closest?.("[data-list]")) render();
});
document.body.addEventListener("selection:clear", () => pick(false));
if (document.querySelector("[data-list]")) render();
