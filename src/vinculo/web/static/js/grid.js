// The cells of a list as a grid: which one has the focus, which block is chosen, by id and field,
// so that both outlive a list that is fetched again.
let at = null; // { id, field } of the focused cell
let from = null; // { id, field } where a block began

export const table = () => document.querySelector("table[data-list]");
export const rows = () => [...document.querySelectorAll("[data-list] tr[data-row]")];
export const heads = () => [...(table()?.tHead?.rows[0]?.cells ?? [])];
export const fieldOf = (cell) => heads()[cell.cellIndex]?.dataset.field ?? "";
export const rowOf = (cell) => cell.closest("tr[data-row]");

/** The columns that hold fields, as places in a row. */
export const columns = () => heads().flatMap((head, place) => (head.dataset.field ? [place] : []));

/** The cell of the list around an element, if it holds a field. */
export function cellOf(element) {
  const cell = element?.closest?.("[data-list] tr[data-row] > td");
  return cell && fieldOf(cell) ? cell : null;
}

function find(place) {
  if (!place) return null;
  const row = rows().find((one) => one.dataset.id === place.id);
  const column = heads().findIndex((head) => head.dataset.field === place.field);
  return column < 0 ? null : (row?.cells[column] ?? null);
}

export const focused = () => find(at);
const placeOf = (cell) => ({ id: rowOf(cell).dataset.id, field: fieldOf(cell) });

/** Rows and columns of the chosen block, as numbers: the focused cell alone when none is. */
export function block() {
  const end = focused();
  if (!end) return null;
  const start = find(from) ?? end;
  const all = rows();
  const [top, bottom] = [all.indexOf(rowOf(start)), all.indexOf(rowOf(end))].sort((a, b) => a - b);
  const [left, right] = [start.cellIndex, end.cellIndex].sort((a, b) => a - b);
  return { rows: all.slice(top, bottom + 1), columns: columns().filter((c) => c >= left && c <= right), top };
}

function draw() {
  for (const cell of document.querySelectorAll("td.is-block")) {
    cell.classList.remove("is-block");
    cell.removeAttribute("aria-selected");
  }
  const chosen = block();
  if (!chosen || (chosen.rows.length === 1 && chosen.columns.length === 1)) return;
  for (const row of chosen.rows) {
    for (const column of chosen.columns) {
      row.cells[column].classList.add("is-block");
      row.cells[column].setAttribute("aria-selected", "true");
    }
  }
}

/** Put the focus on a cell; with `extend` the block reaches from where it began to here. */
export function focusCell(cell, { extend = false } = {}) {
  if (!cell) return false;
  const before = focused();
  if (before && before !== cell) before.removeAttribute("tabindex");
  if (!extend) from = null;
  else if (!from) from = at;
  at = placeOf(cell);
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  draw();
  return true;
}

/** Leave the cells; the row stays what is marked. */
export function leaveCells() {
  const cell = focused();
  at = from = null;
  draw();
  if (!cell) return;
  cell.removeAttribute("tabindex");
  cell.blur();
}

/** A block shrinks to its focused cell; false when there was none. */
export function collapse() {
  if (!from) return false;
  from = null;
  draw();
  return true;
}

/** The cell so many rows and columns away, inside the grid. */
export function beside(cell, down, right) {
  const all = rows();
  const places = columns();
  const row = all[Math.max(0, Math.min(all.length - 1, all.indexOf(rowOf(cell)) + down))];
  const place = Math.max(0, Math.min(places.length - 1, places.indexOf(cell.cellIndex) + right));
  return row?.cells[places[place]] ?? null;
}

/** The next cell that may be typed into, on to the next row and back to the one before. */
export function editableFrom(cell, step) {
  const places = columns();
  const all = rows();
  let row = all.indexOf(rowOf(cell));
  let place = places.indexOf(cell.cellIndex);
  for (let tries = 0; tries < places.length * 2; tries += 1) {
    place += step;
    if (place < 0 || place >= places.length) {
      row += step;
      place = step > 0 ? 0 : places.length - 1;
    }
    if (!all[row]) return null;
    const next = all[row].cells[places[place]];
    if (!lockOf(next)) return next;
  }
  return null;
}

/** Why a cell cannot be typed into: "row" for the whole row, else the column's own words. */
export function lockOf(cell) {
  const column = heads()[cell.cellIndex]?.dataset.locked;
  if (column) return column;
  return rowOf(cell).hasAttribute("data-locked") ? "row" : "";
}

// A list fetched again has new elements: the focus returns to the same record and field.
document.addEventListener("htmx:afterSettle", () => {
  const cell = focused();
  if (!cell || document.querySelector("dialog[open]")) return;
  const lost = document.activeElement === document.body || document.activeElement === null;
  if (lost) focusCell(cell, { extend: Boolean(from) });
  else draw();
});
