// The columns of a list: their width, order and place by mouse and keyboard, written in the address.
// Alt+arrow on a head moves the column, Alt+Shift+arrow draws it wider; Shift+click sorts by it too.

const NARROWEST = 60;
const WIDEST = 800;
const STEP = 20;
const KEPT = "vinculo:list-scroll";

const heads = (table) => [...table.querySelectorAll("thead th[data-spec]")];
const listIn = (root) => (root.querySelector?.bind(root) ?? document.querySelector.bind(document))("table[data-list]");

/** A head's column as the address writes it: name, drawn width, pinned. */
function read(head) {
  const [name, look = ""] = head.dataset.spec.split(":");
  return { name, width: parseInt(look, 10) || 0, pinned: look.endsWith("p") };
}

function write({ name, width, pinned }) {
  const look = `${width || ""}${pinned ? "p" : ""}`;
  return look ? `${name}:${look}` : name;
}

/** Ask for the list with these columns; what was scrolled to stays in view. */
function show(table, columns) {
  const url = new URL(location.href);
  url.searchParams.set("cols", columns.map(write).join(","));
  const wrap = table.closest(".table-wrap");
  sessionStorage.setItem(KEPT, JSON.stringify([wrap.scrollLeft, wrap.scrollTop]));
  location.assign(url);
}

/** The widths as they stand: drawing one column must not make the others jump. */
function measured(table) {
  return heads(table).map((head) => ({ ...read(head), width: Math.round(head.getBoundingClientRect().width) }));
}

function resized(table, at, width) {
  const columns = measured(table);
  columns[at].width = Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
  show(table, columns);
}

function moved(table, from, to) {
  const columns = heads(table).map(read);
  if (to < 0 || to >= columns.length || from === to) return;
  columns.splice(to, 0, ...columns.splice(from, 1));
  show(table, columns);
}

// --- width ---------------------------------------------------------------------------------------

document.addEventListener("pointerdown", (event) => {
  const edge = event.target.closest("[data-resize]");
  if (!edge || event.button) return;
  event.preventDefault();
  const head = edge.closest("th");
  const table = head.closest("table");
  const start = head.getBoundingClientRect().width;
  let width = start;
  edge.setPointerCapture(event.pointerId);
  edge.classList.add("is-dragged");
  const draw = (move) => {
    width = Math.max(NARROWEST, Math.min(WIDEST, start + move.clientX - event.clientX));
    head.style.minInlineSize = head.style.inlineSize = `${width}px`;
  };
  const end = () => {
    edge.removeEventListener("pointermove", draw);
    edge.classList.remove("is-dragged");
    if (Math.abs(width - start) > 2) resized(table, heads(table).indexOf(head), width);
  };
  edge.addEventListener("pointermove", draw);
  edge.addEventListener("pointerup", end, { once: true });
  edge.addEventListener("pointercancel", end, { once: true });
});

// a double click gives the column its usual width back
document.addEventListener("dblclick", (event) => {
  const head = event.target.closest("[data-resize]")?.closest("th");
  if (!head) return;
  const table = head.closest("table");
  const at = heads(table).indexOf(head);
  show(table, heads(table).map(read).map((column, place) => (place === at ? { ...column, width: 0 } : column)));
});

// --- order ---------------------------------------------------------------------------------------

let dragged = null;

function dropsBefore(head, event) {
  const box = head.getBoundingClientRect();
  return event.clientX < box.left + box.width / 2;
}

document.addEventListener("dragstart", (event) => {
  const head = event.target.closest?.("thead th[data-spec]");
  if (!head || event.target.closest("[data-resize]")) return;
  dragged = head;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", read(head).name);
});
document.addEventListener("dragover", (event) => {
  const head = event.target.closest?.("thead th[data-spec]");
  if (!dragged || !head) return;
  event.preventDefault();
  for (const other of heads(head.closest("table"))) other.classList.remove("drop-before", "drop-after");
  if (head !== dragged) head.classList.add(dropsBefore(head, event) ? "drop-before" : "drop-after");
});
document.addEventListener("drop", (event) => {
  const head = event.target.closest?.("thead th[data-spec]");
  if (!dragged || !head || head === dragged) return;
  event.preventDefault();
  const table = head.closest("table");
  const from = heads(table).indexOf(dragged);
  const beside = heads(table).indexOf(head) + (dropsBefore(head, event) ? 0 : 1);
  moved(table, from, from < beside ? beside - 1 : beside);
});
document.addEventListener("dragend", () => {
  for (const other of document.querySelectorAll(".drop-before, .drop-after")) other.classList.remove("drop-before", "drop-after");
  dragged = null;
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const head = event.target.closest?.("thead th[data-spec]");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!head || !step) return;
  event.preventDefault();
  event.stopPropagation();
  const table = head.closest("table");
  const at = heads(table).indexOf(head);
  if (event.shiftKey) resized(table, at, head.getBoundingClientRect().width + step * STEP);
  else moved(table, at, at + step);
});

// Shift: this column settles what the others leave equal
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-add-sort]");
  if (!link || !event.shiftKey) return;
  event.preventDefault();
  location.assign(link.dataset.addSort);
});

// --- the list of columns in its menu -------------------------------------------------------------

let item = null;
document.addEventListener("dragstart", (event) => {
  item = event.target.closest?.("[data-sortable] > li") ?? null;
  if (item) event.dataTransfer.setData("text/plain", "");
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-sortable] > li");
  if (!item || !over || over.parentElement !== item.parentElement) return;
  event.preventDefault();
  if (over === item) return;
  const box = over.getBoundingClientRect();
  over[event.clientY < box.top + box.height / 2 ? "before" : "after"](item);
});
document.addEventListener("dragend", () => (item = null));
document.addEventListener("keydown", (event) => {
  const row = event.altKey ? event.target.closest?.("[data-sortable] > li") : null;
  if (!row || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "ArrowUp") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  event.target.focus();
});

// --- pinned columns stand beside each other ------------------------------------------------------

function pin(table) {
  let offset = 0;
  let number = 0;
  for (const head of table.querySelectorAll("thead th")) {
    const stays = head.matches(".cell-check, .cell-pin");
    const pinned = head.matches(".cell-stay");
    if (pinned) table.style.setProperty(`--pin-${(number += 1)}`, `${offset}px`);
    if (stays || pinned) offset += head.getBoundingClientRect().width;
  }
}

function settle() {
  const table = listIn(document);
  if (!table) return;
  if (table.querySelector(".cell-stay")) pin(table);
  for (const link of table.querySelectorAll("a.th-sort")) link.draggable = false;
  for (const head of heads(table)) head.draggable = true;
}

function restore() {
  const kept = sessionStorage.getItem(KEPT);
  const wrap = listIn(document)?.closest(".table-wrap");
  sessionStorage.removeItem(KEPT);
  if (kept && wrap) [wrap.scrollLeft, wrap.scrollTop] = JSON.parse(kept);
}

settle();
restore();
document.addEventListener("htmx:afterSettle", settle);
addEventListener("resize", settle);
