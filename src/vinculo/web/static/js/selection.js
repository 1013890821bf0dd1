// Selected rows and the bulk bar. The selection survives a refetch of the list, not a page change.
import { text } from "./lib.js";

const chosen = new Set();
let all = false;

const bar = () => document.getElementById("bulk");
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
  bulk.hidden = !all && chosen.size === 0;
  const count = bulk.querySelector("[data-bulk-count]");
  const total = bulk.dataset.total ?? "";
  if (count) count.textContent = text("selected", { n: all && total ? total : String(chosen.size) });
  const more = bulk.querySelector("[data-bulk-all]");
  if (more) more.hidden = all || here < shown.length;
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

/** Everything between two rows, both included. */
export function selectRange(from, to) {
  const shown = rows();
  const [a, b] = [shown.indexOf(from), shown.indexOf(to)].sort((x, y) => x - y);
  for (const row of shown.slice(Math.max(a, 0), b + 1)) chosen.add(row.dataset.id);
  all = false;
  render();
}

let last = null;
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
  if (event.target.closest("[data-bulk-clear]")) clear();
  if (event.target.closest("[data-bulk-all]")) {
    all = true;
    render();
  }
});

/** What a request from the bar is about: the rows, or "all that match" with the list's own query. */
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters } = event.detail;
  if (!elt.closest("#bulk, [data-bulk-form]")) return;
  if (all) {
    parameters.all = "1";
    parameters.query = location.search.replace(/^\?/, "");
  } else if (!parameters.ids?.length) {
    parameters.ids = [...chosen];
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.matches?.("#records") || event.target.querySelector?.("[data-list]") || event.target.closest?.("[data-list]")) render();
});
document.body.addEventListener("selection:clear", clear);
if (document.querySelector("[data-list]")) render();
