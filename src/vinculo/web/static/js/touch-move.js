// Cards and entries moved by a finger: held, they are lifted and follow it; let go where they were,
// they ask where to. The same move as by mouse and keyboard (board.js).
import { move, placeOf, surface } from "./board.js";
import { make } from "./lib.js";
import { onLongPress } from "./long-press.js";

const STILL_PX = 10;
const EDGE_PX = 48;
const SCROLL_PX = 9;

let lifted = null; // { card, ghost, from: {x, y}, at: {x, y}, moved }

const cardAt = (target) => {
  const card = target.closest?.("[data-card][data-movable]");
  return card && surface(card) ? card : null;
};

/** What is seen under the finger; the card itself stays where it is until it is put down. */
function ghostOf(card) {
  const box = card.getBoundingClientRect();
  const ghost = make("div", { class: "drag-ghost", "aria-hidden": "true" });
  ghost.append(...[...card.cloneNode(true).childNodes].filter((node) => !node.matches?.("a.btn")));
  ghost.style.inlineSize = `${box.width}px`;
  document.body.append(ghost);
  return ghost;
}

function draw() {
  const { ghost, at } = lifted;
  const within = (value, most) => Math.max(8, Math.min(value, most - 8));
  ghost.style.left = `${within(at.x - ghost.offsetWidth / 2, innerWidth - ghost.offsetWidth)}px`;
  ghost.style.top = `${within(at.y - ghost.offsetHeight - 12, innerHeight - ghost.offsetHeight)}px`;
}

function placeUnder({ x, y }) {
  const place = placeOf(document.elementFromPoint(x, y));
  if (!place || surface(place) !== surface(lifted.card)) return null;
  return "closed" in place.dataset && !place.dataset.action ? null : place;
}

function showPlace() {
  const place = lifted.moved ? placeUnder(lifted.at) : null;
  for (const other of document.querySelectorAll(".is-over")) if (other !== place) other.classList.remove("is-over");
  if (place && place !== placeOf(lifted.card)) place.classList.add("is-over");
}

/** At an edge the board, or the page, comes along. */
function follow() {
  if (!lifted) return;
  if (lifted.moved) {
    const { x, y } = lifted.at;
    const area = surface(lifted.card);
    if (x < EDGE_PX) area.scrollBy({ left: -SCROLL_PX, behavior: "instant" });
    else if (x > innerWidth - EDGE_PX) area.scrollBy({ left: SCROLL_PX, behavior: "instant" });
    const scroller = area.scrollHeight > area.clientHeight + 1 && getComputedStyle(area).overflowY === "auto" ? area : window;
    if (y < 2 * EDGE_PX) scroller.scrollBy({ top: -SCROLL_PX, behavior: "instant" });
    else if (y > innerHeight - 2 * EDGE_PX) scroller.scrollBy({ top: SCROLL_PX, behavior: "instant" });
    showPlace();
  }
  requestAnimationFrame(follow);
}

function lift(card, event) {
  if (!card.isConnected) return;
  const at = { x: event.clientX, y: event.clientY };
  lifted = { card, ghost: ghostOf(card), from: at, at, moved: false };
  card.classList.add("is-dragged");
  surface(card).classList.add("is-dragging");
  draw();
  follow();
}

/** Put it down; returns what was lifted. */
function drop() {
  const was = lifted;
  lifted = null;
  was.ghost.remove();
  was.card.classList.remove("is-dragged");
  surface(was.card)?.classList.remove("is-dragging");
  for (const place of document.querySelectorAll(".is-over")) place.classList.remove("is-over");
  return was;
}

onLongPress(cardAt, lift);

// the browser's own drag of a held card would take the finger away from us
document.addEventListener("pointerdown", (event) => {
  const card = event.pointerType === "touch" ? cardAt(event.target) : null;
  if (!card) return;
  card.draggable = false;
  const again = () => {
    card.draggable = true;
  };
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, again, { once: true });
});

document.addEventListener("pointermove", (event) => {
  if (!lifted || event.pointerType !== "touch") return;
  lifted.at = { x: event.clientX, y: event.clientY };
  lifted.moved ||= Math.hypot(lifted.at.x - lifted.from.x, lifted.at.y - lifted.from.y) > STILL_PX;
  draw();
});

document.addEventListener("pointerup", () => {
  if (!lifted) return;
  const place = lifted.moved ? placeUnder(lifted.at) : null;
  const { card, moved } = drop();
  if (place) move(card, place);
  else if (!moved) {
    const layout = card.closest("[data-board]") ? "board" : "calendar";
    window.htmx.ajax("GET", `${card.dataset.url}/move?layout=${layout}`, { target: "#dialog" });
  }
});
document.addEventListener("pointercancel", () => lifted && drop());

// while something is lifted the finger carries it and scrolls nothing
const held = new WeakSet();

function hold() {
  for (const area of document.querySelectorAll("[data-board], [data-calendar]")) {
    if (held.has(area)) continue;
    held.add(area);
    area.addEventListener("touchmove", (event) => lifted && event.preventDefault(), { passive: false });
  }
}

document.addEventListener("htmx:afterSettle", hold);
hold();
