// A finger that stays where it is: what it then does, without the browser's own menu or the click.
const HELD_MS = 450;
const STILL_PX = 10;

let press = null; // { element, x, y, timer } until it is held, lifted or moved away
let held = null; // the element that was held, until its click has come

const actions = []; // [find, act]

/** `find(target)` names the element a long press is for, or null; `act(element, event)` does it. */
export function onLongPress(find, act) {
  actions.push([find, act]);
}

function letGo() {
  clearTimeout(press?.timer);
  press = null;
}

document.addEventListener("pointerdown", (event) => {
  letGo();
  held = null;
  if (event.pointerType !== "touch" || !event.isPrimary) return;
  for (const [find, act] of actions) {
    const element = find(event.target);
    if (!element) continue;
    const timer = setTimeout(() => {
      letGo();
      held = element;
      act(element, event);
    }, HELD_MS);
    press = { element, x: event.clientX, y: event.clientY, timer };
    return;
  }
});

document.addEventListener("pointermove", (event) => {
  if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL_PX) letGo();
});
document.addEventListener("pointerup", letGo);
document.addEventListener("pointercancel", letGo);

document.addEventListener("contextmenu", (event) => {
  if ((held ?? press?.element)?.contains(event.target)) event.preventDefault();
});

document.addEventListener(
  "click",
  (event) => {
    // the finger's own click, wherever it falls; one made by a key has no detail
    if (!held || !event.detail) return;
    held = null;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
