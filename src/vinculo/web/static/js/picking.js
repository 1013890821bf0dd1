// Rows ticked by a thumb: *Select* or a long press puts boxes on the cards, and a tap ticks.
import { isVisible } from "./lib.js";
import { pick, picking, toggle } from "./selection.js";

const HELD_MS = 450;
const STILL_PX = 10;
let press = null; // the finger that may become a long press: where, on which row, until when
let justHeld = false;

const rowAt = (target) => target.closest?.("[data-list] tr[data-row]") ?? null;
const offered = () => {
  const button = document.querySelector("[data-pick]");
  return Boolean(button && isVisible(button));
};

function letGo() {
  clearTimeout(press?.timer);
  press = null;
}

document.addEventListener("pointerdown", (event) => {
  letGo();
  justHeld = false;
  const row = event.pointerType === "touch" && event.isPrimary ? rowAt(event.target) : null;
  if (!row || !offered() || picking()) return;
  const held = () => {
    justHeld = true;
    pick(true);
    toggle(row, true);
    letGo();
  };
  press = { x: event.clientX, y: event.clientY, timer: setTimeout(held, HELD_MS) };
});

document.addEventListener("pointermove", (event) => {
  if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL_PX) letGo();
});
document.addEventListener("pointerup", letGo);
document.addEventListener("pointercancel", letGo);

// the browser's own menu of a link, and the click at the end of a long press, are not meant
document.addEventListener("contextmenu", (event) => {
  if ((justHeld || press) && rowAt(event.target)) event.preventDefault();
});

// while ticking, a tap anywhere on a card ticks it; before the links and the row have their say
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest("[data-pick]")) pick(!picking());
    const row = rowAt(event.target);
    if (!row || (!justHeld && !picking())) return;
    if (justHeld) justHeld = false;
    else if (event.target.matches("input.check")) return;
    else toggle(row);
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
