// A cell becomes its field's own input: Enter saves and goes down, Tab on, Esc restores.
import { emit, text } from "./lib.js";
import { beside, cellOf, editableFrom, fieldOf, focusCell, lockOf, rowOf, table } from "./grid.js";
import { show } from "./toast.js";

const before = new WeakMap();
let typed = ""; // what was typed while a form was on its way
let then = null; // Enter, Tab or Esc that came before the form did
let waiting = false;

export const isEditing = (cell) => Boolean(cell?.querySelector(".cell-form"));
export const isWaiting = () => waiting;

const controlOf = (cell) =>
  cell.querySelector("[aria-invalid=true], .cell-form :is(input:not([type=hidden]), select, textarea)");

/** Keep what was pressed before the input was there: letters, and what ends them. */
export function remember(event) {
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !then) typed += event.key;
  else if (["Enter", "Tab", "Escape"].includes(event.key)) then ??= { key: event.key, shiftKey: event.shiftKey };
}

/** Enter saves and goes down, Tab on; Esc restores. */
function finish(cell, { key, shiftKey }, button = null) {
  const way = shiftKey ? -1 : 1;
  if (key === "Escape") restore(cell);
  else if (key === "Tab") saveAndGo(cell, editableFrom(cell, way), true);
  else saveAndGo(cell, beside(cell, way, 0), false, button);
}

export function sayLock(cell) {
  const why = lockOf(cell);
  if (!why) return false;
  show({ message: why === "row" ? text("lockedrow") : why, level: "info" });
  return true;
}

function addressOf(cell) {
  const state = new URLSearchParams({ cell: "1", list: table()?.dataset.query ?? "" });
  return `${rowOf(cell).dataset.href}/field/${fieldOf(cell)}?${state}`;
}

function put(control, words) {
  if (control instanceof HTMLSelectElement) {
    const start = words.toLowerCase();
    const option = [...control.options].find((one) => one.text.toLowerCase().startsWith(start));
    if (option) control.value = option.value;
  } else if (control.matches("[type=checkbox], [type=date], [type=datetime-local]")) return;
  else {
    control.value = words;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Open the field's input in the cell; `words` take the place of what it holds. */
export async function edit(cell, words = null) {
  if (!cell || isEditing(cell) || waiting || sayLock(cell)) return;
  focusCell(cell);
  typed = words ?? "";
  const replace = words !== null;
  waiting = true;
  before.set(cell, cell.innerHTML);
  try {
    await window.htmx.ajax("GET", addressOf(cell), { source: cell, target: cell, swap: "innerHTML" });
  } finally {
    waiting = false;
  }
  const control = controlOf(cell);
  if (!control) return;
  cell.classList.add("is-editing");
  control.focus();
  if (replace || typed) put(control, typed);
  else control.select?.();
  typed = "";
  if (then) finish(cell, take());
}

function take() {
  const pressed = then;
  then = null;
  return pressed;
}

/** Take the form away and show what stood there. */
export function restore(cell) {
  if (!isEditing(cell) || !before.has(cell)) return;
  // what stood here was our own server's rendering, taken back unchanged
  cell.innerHTML = before.get(cell);
  before.delete(cell);
  cell.classList.remove("is-editing", "is-saving");
  window.htmx.process(cell);
  focusCell(cell);
}

function changed(form) {
  return [...form.elements].some((control) => {
    if (control.type === "hidden") return control.closest("[data-reference]") && control.value !== control.defaultValue;
    if (!control.name) return false;
    if (control instanceof HTMLSelectElement) {
      const chosen = [...control.options].filter((one) => one.defaultSelected);
      return chosen.length ? control.value !== chosen[0].value : control.selectedIndex > 0;
    }
    if (control.type === "checkbox") return control.checked !== control.defaultChecked;
    return control.value !== control.defaultValue;
  });
}

/** Save; resolves to whether the cell is done. A refusal leaves the form with what was typed. */
export async function save(cell, button = null) {
  const form = cell.querySelector(".cell-form");
  if (!form || waiting) return false;
  if (!button && !changed(form) && !form.querySelector(".field-error, .field-warning")) {
    restore(cell);
    return true;
  }
  const place = { id: rowOf(cell).dataset.id, field: fieldOf(cell) };
  waiting = true;
  cell.classList.add("is-saving");
  const values = button?.name ? { [button.name]: button.value } : {};
  try {
    await window.htmx.ajax("POST", form.getAttribute("action"), { source: form, target: cell, swap: "innerHTML", values });
  } finally {
    waiting = false;
    cell.classList.remove("is-saving");
  }
  if (cell.isConnected && isEditing(cell)) {
    controlOf(cell)?.focus();
    return false;
  }
  const row = document.querySelector(`[data-list] tr[data-row][data-id="${CSS.escape(place.id)}"]`);
  if (row) emit("cell:saved", place, row);
  return true;
}

async function saveAndGo(cell, next, open, button = null) {
  const target = next && { row: rowOf(next).dataset.id, column: next.cellIndex };
  const here = { row: rowOf(cell).dataset.id, column: cell.cellIndex };
  if (!(await save(cell, button))) return;
  const find = (place) =>
    document.querySelector(`[data-list] tr[data-row][data-id="${CSS.escape(place.row)}"]`)?.cells[place.column];
  const there = (target && find(target)) || find(here);
  focusCell(there);
  if (open && target) edit(there, typed || null);
  else if (typed) edit(there, typed);
  else then = null;
}

document.addEventListener(
  "keydown",
  (event) => {
    const cell = cellOf(event.target);
    if (!cell || !event.target.closest(".cell-form") || event.isComposing || event.defaultPrevented) return;
    const lines = event.target.matches("textarea");
    if (waiting) {
      remember(event);
      event.preventDefault();
    } else if (event.key === "Escape") finish(cell, event);
    else if (event.key === "Enter" && event.target.matches("button")) return;
    else if (event.key === "Enter" && (!lines || event.ctrlKey || event.metaKey)) {
      // a warning or a clash: Enter is its first answer
      const answer = cell.querySelector(".cell-form button[type=submit]");
      finish(cell, event, answer);
    } else if (event.key === "Tab" && cell.querySelector(".cell-form button")) return;
    else if (event.key === "Tab") finish(cell, event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("submit", (event) => {
  const cell = cellOf(event.target);
  if (!cell || !event.target.matches(".cell-form")) return;
  event.preventDefault();
  saveAndGo(cell, beside(cell, 1, 0), false, event.submitter);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-cell-cancel]")) restore(cellOf(event.target));
});

// Leaving saves what changed; a warning or a clash waits for an answer.
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.(".cell-form");
  const cell = cellOf(form);
  if (!cell || form.contains(event.relatedTarget)) return;
  setTimeout(() => {
    if (waiting || !form.isConnected || form.contains(document.activeElement) || !document.hasFocus()) return;
    if (document.querySelector("dialog[open]") || form.querySelector(".field-warning")) return;
    save(cell);
  }, 60);
});
