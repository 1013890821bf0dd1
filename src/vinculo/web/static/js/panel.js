// #panel: a record beside the list. The address carries ?peek=7, so Back and sharing work.
import { bind } from "./keys.js";
import { isVisible, ownUrl } from "./lib.js";

const panel = document.getElementById("panel");

function pattern() {
  return document.querySelector("[data-list][data-peek-pattern]")?.dataset.peekPattern;
}

/** The id inside a peek address of this list's pattern, or null for another kind of record. */
function idOf(url) {
  const [head, tail] = (pattern() ?? "").split(":id");
  const path = new URL(url, location.href).pathname;
  if (tail === undefined || !path.startsWith(head) || !path.endsWith(tail)) return null;
  return path.slice(head.length, path.length - tail.length);
}

function writeAddress(id, replace) {
  const url = new URL(location.href);
  if (id === null) url.searchParams.delete("peek");
  else url.searchParams.set("peek", id);
  if (url.href === location.href) return;
  const state = { ...history.state, peek: id };
  if (replace) history.replaceState(state, "", url);
  else history.pushState(state, "", url);
}

/** Load a record beside the page; a panel already open changes its content. */
export async function openPanel(url, { silent = false } = {}) {
  if (!panel || !ownUrl(url)) return;
  const wasOpen = !panel.hidden;
  const id = idOf(url);
  panel.dataset.url = url;
  await window.htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML" });
  if (!silent && id !== null) writeAddress(id, wasOpen);
}

export function panelIsOpen() {
  return Boolean(panel && !panel.hidden);
}

export function closePanel({ silent = false } = {}) {
  if (!panelIsOpen()) return false;
  panel.hidden = true;
  panel.replaceChildren();
  delete panel.dataset.url;
  if (!silent) writeAddress(null, false);
  document.querySelector("tr.is-current a")?.focus({ preventScroll: true });
  return true;
}

/** The row of the record in the panel, fetched anew where it stands. */
function refreshRow() {
  if (!panelIsOpen() || !panel.dataset.url) return;
  const id = idOf(panel.dataset.url);
  const row = id && document.querySelector(`[data-list] tr[data-row][data-id="${CSS.escape(id)}"]`);
  if (!row) return;
  const list = row.closest("[data-list]").dataset.query ?? "";
  const url = `${row.dataset.href}/row?${new URLSearchParams({ list })}`;
  window.htmx.ajax("GET", url, { source: row, target: row, swap: "outerHTML" });
}

function follow() {
  const id = new URL(location.href).searchParams.get("peek");
  const base = pattern();
  if (id && base && /^[\w-]+$/.test(id)) openPanel(base.replace(":id", id), { silent: true });
  else closePanel({ silent: true });
}

if (panel) {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel) return;
    panel.hidden = panel.childElementCount === 0;
    panel.scrollTop = 0;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-panel-close]")) closePanel();
    const link = event.target.closest("a[data-peek]");
    if (!link || link.closest("#palette") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (matchMedia("(max-width: 760px)").matches || !isVisible(link)) return;
    event.preventDefault();
    openPanel(link.dataset.peek);
  });
  bind("Escape", () => closePanel());
  addEventListener("popstate", follow);
  document.addEventListener("panel:close", () => closePanel());
  // what was changed inside the panel shows in its row
  document.body.addEventListener("record:changed", refreshRow);
  // what was changed beside the panel shows in it, unless somebody types there
  document.body.addEventListener("records:changed", () => {
    if (panel.querySelector(".inline-form, .is-loading")) return;
    if (panelIsOpen() && panel.dataset.url) openPanel(panel.dataset.url, { silent: true });
  });
  if (new URL(location.href).searchParams.has("peek")) addEventListener("load", follow);
}
