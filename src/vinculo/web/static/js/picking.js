// Rows ticked by a thumb: *Select* or a long press puts boxes on the cards, and a tap ticks.
import { isVisible } from "./lib.js";
import { onLongPress } from "./long-press.js";
import { pick, picking, toggle } from "./selection.js";

const rowAt = (target) => target.closest?.("[data-list] tr[data-row]") ?? null;

/** Where rows are cards, the button is in sight; a table with its boxes has no need of it. */
function offered() {
  const button = document.querySelector("[data-pick]");
  return Boolean(button && isVisible(button));
}

onLongPress(
  (target) => (offered() && !picking() ? rowAt(target) : null),
  (row) => {
    const before = row.getBoundingClientRect().top;
    pick(true);
    toggle(row, true);
    // the line over the cards has come: the card stays under the finger
    scrollBy({ top: row.getBoundingClientRect().top - before, behavior: "instant" });
  },
);

// while ticking, a tap anywhere on a card ticks it; before the links and the row have their say
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest("[data-pick]")) pick(!picking());
    const row = rowAt(event.target);
    if (!row || !picking() || event.target.matches("input.check")) return;
    toggle(row);
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
