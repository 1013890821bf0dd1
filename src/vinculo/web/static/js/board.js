// Cards of a board and entries of a calendar: moved by the mouse or the keyboard, put down at once,
// and back again with the reason where the server refuses.
import { csrfToken, ownUrl, text } from "./lib.js";
import { openPanel, closePanel, panelIsOpen } from "./panel.js";
import { show } from "./toast.js";

const PLACES = "[data-column], [data-day]";
let dragged = null;

export const surface = (element) => element?.closest?.("[data-board], [data-calendar]") ?? null;
export const placeOf = (element) => element?.closest?.(PLACES) ?? null;
const cardsIn = (place) => [...place.querySelectorAll("[data-card]")];
const linkOf = (card) => card?.querySelector(".board-title, .calendar-name");
const isBoard = (card) => Boolean(card.closest("[data-board]"));
export const valueOf = (place) => place.dataset.column ?? place.dataset.day;

/** What Tab stops at: one card of each column, one entry of a calendar; the arrows go on from there. */
const stopsIn = (element) => element.closest("[data-column]") ?? surface(element);

export function rove(root = document) {
  for (const area of root.querySelectorAll("[data-column], [data-calendar]")) {
    const links = cardsIn(area).map(linkOf);
    const now = links.find((link) => link === document.activeElement) ?? links[0];
    for (const link of links) link.tabIndex = link === now ? 0 : -1;
  }
}

function makeStop(link) {
  for (const other of stopsIn(link).querySelectorAll("[data-card] a[tabindex='0']")) other.tabIndex = -1;
  link.tabIndex = 0;
}

function focusCard(card) {
  const link = linkOf(card);
  if (!link) return;
  makeStop(link);
  link.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// --- moving ------------------------------------------------------------------------------------

function listOf(place) {
  let list = place.querySelector("[data-cards], .calendar-entries");
  if (!list) {
    list = document.createElement("ul");
    list.className = "calendar-entries";
    place.append(list);
  }
  return list;
}

/** Ask a column anew, with as many cards as it shows: its order and its figures are the server's. */
async function renew(place) {
  const url = ownUrl(place.dataset.url);
  if (!url) return;
  url.searchParams.set("cards", String(cardsIn(place).length));
  await window.htmx.ajax("GET", url.pathname + url.search, { target: place, swap: "outerHTML" });
}

async function settle(card, from, to) {
  const area = surface(to);
  const id = card.dataset.id;
  const hadFocus = card.contains(document.activeElement);
  if (area.matches("[data-board]")) await Promise.all([renew(from), renew(to)]);
  else window.htmx.trigger(document.body, "records:changed");
  if (!hadFocus) return;
  const again = () => document.querySelector(`[data-card][data-id="${CSS.escape(id)}"]`);
  if (area.matches("[data-board]")) focusCard(again());
  else document.addEventListener("htmx:afterSettle", () => again() && focusCard(again()), { once: true });
}

/** Move a card: shown at once; taken back, with the server's sentence, where it may not be. */
export async function move(card, to) {
  const from = placeOf(card);
  if (!to || to === from || !card.isConnected) return;
  if (to.dataset.action) {
    // the business has its own word for this: it asks for what it needs
    const url = `${card.dataset.url}/do/${to.dataset.action}`;
    window.htmx.ajax("GET", url, { target: "#dialog" });
    return;
  }
  if ("closed" in to.dataset || !("movable" in card.dataset)) {
    show({ message: text("notmovable"), level: "warning" });
    return;
  }
  const next = card.nextSibling;
  const list = card.parentElement;
  const focused = card.contains(document.activeElement) ? document.activeElement : null;
  listOf(to).prepend(card);
  focused?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  card.classList.add("is-moving");
  const back = () => {
    card.classList.remove("is-moving");
    list.insertBefore(card, next);
    focused?.focus({ preventScroll: true });
  };
  const layout = isBoard(card) ? "board" : "calendar";
  const body = new URLSearchParams({ to: valueOf(to), was: card.dataset.was });
  let answer;
  try {
    answer = await fetch(`${card.dataset.url}/move?layout=${layout}`, {
      method: "POST",
      keepalive: true, // goes on where the page is left at once
      body,
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    });
  } catch {
    back();
    show({ message: text("unreachable"), level: "error", action_label: text("retry"), retry: () => move(card, to) });
    return;
  }
  tell(answer);
  if (!answer.ok) back();
  else {
    card.classList.remove("is-moving");
    await settle(card, from, to);
  }
}

/** What the server said by HX-Trigger; without a word of its own, ours. */
function tell(answer) {
  try {
    const { toast: told, ask } = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}");
    // it could stand there if more were filled in: the card waits where it was
    if (ask) return window.htmx.ajax("GET", ask.url, { target: "#dialog" });
    if (told) return show({ ...told, level: told.level === "danger" ? "error" : told.level });
  } catch {
    // no word that can be read
  }
  if (!answer.ok) show({ message: text(answer.status === 403 ? "forbidden" : "failed"), level: "error" });
  return null;
}

// --- the mouse ---------------------------------------------------------------------------------

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-card][draggable]");
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", linkOf(card)?.href ?? "");
  requestAnimationFrame(() => card.classList.add("is-dragged"));
});

document.addEventListener("dragover", (event) => {
  const place = dragged && placeOf(event.target);
  if (!place || surface(place) !== surface(dragged)) return;
  if ("closed" in place.dataset && !place.dataset.action) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  for (const other of document.querySelectorAll(".is-over")) if (other !== place) other.classList.remove("is-over");
  place.classList.add("is-over");
});

document.addEventListener("drop", (event) => {
  const place = dragged && placeOf(event.target);
  if (!place || surface(place) !== surface(dragged)) return;
  event.preventDefault();
  move(dragged, place);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  for (const place of document.querySelectorAll(".is-over")) place.classList.remove("is-over");
  dragged = null;
});

// a click on free space of a card opens it beside the board
document.addEventListener("click", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || event.target.closest("a, button, input, label") || event.button) return;
  if (matchMedia("(max-width: 760px)").matches) location.assign(card.dataset.url);
  else openPanel(card.dataset.peek);
});

// --- the keyboard ------------------------------------------------------------------------------

/** Places in reading order; those that are not shown (on a phone) are passed over. */
function places(area) {
  return [...area.querySelectorAll(PLACES)].filter((place) => place.getClientRects().length);
}

function beside(card, step) {
  const all = places(surface(card));
  return all[all.indexOf(placeOf(card)) + step] ?? null;
}

function steps(card, key) {
  const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (across) return across;
  return isBoard(card) ? 0 : { ArrowUp: -7, ArrowDown: 7 }[key];
}

function walk(card, key) {
  const here = cardsIn(placeOf(card));
  const at = here.indexOf(card);
  if (key === "ArrowDown" && here[at + 1]) return here[at + 1];
  if (key === "ArrowUp" && here[at - 1]) return here[at - 1];
  const step = steps(card, key);
  if (!step) return null;
  const all = places(surface(card));
  for (let place = all.indexOf(placeOf(card)) + step; all[place]; place += step) {
    const cards = cardsIn(all[place]);
    if (cards.length) return cards[Math.min(at, cards.length - 1)];
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || event.ctrlKey || event.metaKey || event.altKey || !surface(card)) return;
  if (event.key === " ") {
    event.preventDefault();
    if (panelIsOpen()) closePanel();
    else openPanel(card.dataset.peek);
    return;
  }
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.shiftKey) {
    const step = steps(card, event.key);
    if (step) move(card, beside(card, step));
    return;
  }
  const next = walk(card, event.key);
  if (next) {
    focusCard(next);
    if (panelIsOpen()) openPanel(next.dataset.peek);
  }
});

document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (card && surface(card) && event.target === linkOf(card)) makeStop(event.target);
});

document.addEventListener("htmx:afterSettle", () => rove());
rove();
