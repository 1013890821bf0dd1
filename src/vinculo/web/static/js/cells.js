// The keyboard and the mouse in the cells of a list: arrows, blocks, typing, double click.
import { clearBlock, fillDown } from "./cell-block.js";
import { edit, isEditing, isWaiting, remember } from "./cell-edit.js";
import { beside, block, cellOf, collapse, columns, focusCell, focused, leaveCells, rowOf, rows } from "./grid.js";
import { bind } from "./keys.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FAR = 100_000;

/** Where a key leads; null when it is no way. */
function step(event) {
  const far = event.ctrlKey || event.metaKey;
  if (STEPS[event.key]) return STEPS[event.key].map((part) => part * (far ? FAR : 1));
  if (event.key === "Home") return [far ? -FAR : 0, -FAR];
  if (event.key === "End") return [far ? FAR : 0, FAR];
  return null;
}

document.addEventListener(
  "keydown",
  (event) => {
    const cell = cellOf(event.target);
    if (!cell || event.target !== cell || event.altKey) return;
    if (event.defaultPrevented || isEditing(cell)) return;
    const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
    const way = step(event);
    if (isWaiting()) remember(event);
    else if (way) focusCell(beside(cell, ...way), { extend: event.shiftKey });
    else if (event.isComposing || event.key === "Process") {
      edit(cell); // an input method begins: it goes on in the field
      return;
    } else if (event.key === "Enter" || event.key === "F2") edit(cell);
    else if (event.key === "Escape") {
      if (!collapse()) leaveCells();
    } else if (event.key === "Delete" || event.key === "Backspace") clearBlock();
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") fillDown();
    else if (letter && !["/", "?", " "].includes(event.key)) edit(cell, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

/** From the row's keys into its cells: the first arrow to the side. */
function enter(last) {
  if (focused() || document.activeElement?.closest?.("#panel, dialog, .tabs, .board, [role=menu]")) return false;
  const row = document.querySelector("[data-list] tr.is-current") ?? rows()[0];
  const places = columns();
  if (!row || !places.length) return false;
  return focusCell(row.cells[places[last ? places.length - 1 : 0]]);
}

bind("ArrowRight", () => enter(false));
bind("ArrowLeft", () => enter(true));

document.addEventListener("dblclick", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.target.closest("a, button, input, select, textarea, label, .cell-form")) return;
  getSelection()?.removeAllRanges();
  edit(cell);
});

// Drag over cells, or click with Shift, to choose a block.
let pressed = null;
document.addEventListener("pointerdown", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.button || event.pointerType === "touch" || event.target.closest("a, button, input, .cell-form")) return;
  if (event.shiftKey && focused()) {
    event.preventDefault();
    focusCell(cell, { extend: true });
  } else pressed = cell;
});
document.addEventListener("pointerover", (event) => {
  const cell = cellOf(event.target);
  if (!pressed?.isConnected || !cell || cell === pressed || !event.buttons) return;
  getSelection()?.removeAllRanges();
  if (!focused() || block()?.rows.length === 1) focusCell(focused() && rowOf(focused()) === rowOf(pressed) ? focused() : pressed);
  focusCell(cell, { extend: true });
});
document.addEventListener("pointerup", () => {
  pressed = null;
});

// A click elsewhere ends the work in cells.
document.addEventListener("focusin", (event) => {
  if (focused() && !cellOf(event.target) && !event.target.closest("dialog, .toasts")) leaveCells();
});
