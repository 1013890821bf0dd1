// News on boards and calendars: a card that others changed is shown anew where it stands, unless
// somebody drags, points at it or types in it; one that belongs elsewhere now is marked, and goes
// there when the reader asks. Nothing moves by itself.
import { placeOf, rove, valueOf } from "./board.js";
import { ownUrl } from "./lib.js";

const late = new Map(); // id → what to do once the card is free

const find = (id) => document.querySelector(`[data-card][data-id="${CSS.escape(id)}"]`);

/** The ids of the cards on the screen. */
export const cardsShown = () => [...document.querySelectorAll("[data-list] [data-card]")].map((card) => card.dataset.id);

export const dragging = () => Boolean(document.querySelector("[data-card]:is(.is-dragged, .is-moving)"));

/** Whether showing a card anew would move something under the pointer, or take the focus away. */
function inUse(card) {
  if (dragging() || card.contains(document.activeElement)) return true;
  const pointed = placeOf(card)?.querySelector("[data-card]:hover");
  return Boolean(pointed && !(pointed.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING));
}

async function fetched(card) {
  const list = card.closest("[data-list]").dataset.query ?? "";
  const url = ownUrl(`${card.dataset.url}/card?${new URLSearchParams({ list })}`);
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, cache: "no-store" });
  if (answer.status === 204) return { place: null, card: null };
  if (!answer.ok) return null;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { place: answer.headers.get("X-Place"), card: parsed.querySelector("[data-card]") };
}

/** Show a card as it is now; `glow(card)` lights it up, `elsewhere(id)` counts one that has gone. */
export async function refreshCard(id, glow, elsewhere) {
  const wait = (card) => {
    card.classList.add("is-late");
    late.set(id, () => refreshCard(id, glow, elsewhere));
  };
  if (!find(id)) return;
  if (inUse(find(id))) return void wait(find(id));
  const now = await fetched(find(id));
  const card = find(id);
  if (!now || !card) return;
  if (inUse(card)) return void wait(card);
  card.classList.remove("is-late");
  if (!now.card || now.place !== valueOf(placeOf(card))) {
    card.classList.add("is-elsewhere");
    elsewhere(id);
    return;
  }
  card.replaceWith(now.card);
  window.htmx.process(now.card);
  rove();
  glow(now.card);
}

/** The pointer or the focus went on: what waited for it is done, if it is free now. */
function tryAgain() {
  for (const [id, again] of late) {
    const card = find(id);
    if (card && inUse(card)) continue;
    late.delete(id);
    if (card) again();
  }
}

for (const name of ["pointerover", "focusin", "dragend", "pointerup"]) {
  document.addEventListener(name, () => late.size && requestAnimationFrame(tryAgain));
}

// the list comes anew: what was in sight stays in sight
const SCROLLED = "[data-board], [data-calendar], [data-cards]";
let places = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "list") return;
  places = [...document.querySelectorAll(SCROLLED)].map((one) => [placeOf(one)?.id ?? "", one.scrollLeft, one.scrollTop]);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "list") return;
  late.clear();
  for (const one of document.querySelectorAll(SCROLLED)) {
    const [, left, top] = places.find(([id]) => id === (placeOf(one)?.id ?? "")) ?? [];
    if (left || top) one.scrollTo({ left, top, behavior: "instant" });
  }
  places = [];
});
