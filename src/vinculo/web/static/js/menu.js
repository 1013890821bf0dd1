// details.menu: opens in the top layer (never cut by a scrolling table), closes as menus do.
const GAP = 4;

function listOf(menu) {
  return menu.querySelector(":scope > :is(.menu-list, .popover)");
}

function items(menu) {
  return [...listOf(menu).querySelectorAll("a[href], button:not([disabled]), input, select, textarea")].filter(
    (item) => item.getClientRects().length,
  );
}

/** Place the list under its button, turned round where the window ends. */
export function place(menu) {
  const list = listOf(menu);
  const button = menu.querySelector("summary").getBoundingClientRect();
  const size = list.getBoundingClientRect();
  const atEnd = menu.classList.contains("menu-end") !== (getComputedStyle(menu).direction === "rtl");
  let left = atEnd ? button.right - size.width : button.left;
  left = Math.max(8, Math.min(left, innerWidth - size.width - 8));
  let top = button.bottom + GAP;
  if (top + size.height > innerHeight - 8) {
    const above = button.top - GAP - size.height;
    top = above > 8 ? above : Math.max(8, innerHeight - size.height - 8);
  }
  list.style.insetInlineStart = "auto";
  list.style.left = `${left}px`;
  list.style.top = `${top}px`;
}

function opened(menu) {
  const list = listOf(menu);
  if (!list) return;
  for (const other of document.querySelectorAll("details.menu[open]")) {
    if (other !== menu && !other.contains(menu)) other.open = false;
  }
  if (list.showPopover) {
    list.popover = "manual";
    list.showPopover();
    place(menu);
  }
  if (list.classList.contains("popover")) items(menu)[0]?.focus();
}

function closed(menu) {
  const list = listOf(menu);
  if (list?.matches(":popover-open")) list.hidePopover();
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.classList.contains("menu")) return;
    if (menu.open) opened(menu);
    else closed(menu);
  },
  true,
);

/** Close every open menu; true if there was one. */
export function closeAll() {
  const open = [...document.querySelectorAll("details.menu[open], .bottom-bar details[open]")];
  for (const menu of open) menu.open = false;
  return open.length > 0;
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], .bottom-bar details[open]")) {
    const inside = menu.contains(event.target);
    const chosen = event.target.closest(".menu-list .menu-item:not([data-theme-set]), .more-sheet a");
    if (inside && !chosen) continue;
    // what is chosen goes from sight: the focus waits on the button, where a dialog gives it back to
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  if (event.target.matches("input, textarea, select")) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  all.at(next >= all.length ? 0 : next)?.focus();
  event.preventDefault();
});

// a list that grew by htmx while open is placed again
document.addEventListener("htmx:afterSettle", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || !listOf(menu)?.matches(":popover-open")) return;
  place(menu);
  if (!listOf(menu).contains(document.activeElement)) items(menu)[0]?.focus();
});

addEventListener("resize", closeAll);
document.addEventListener(
  "scroll",
  (event) => {
    if (!event.target.closest?.(".menu-list, .popover, dialog")) closeAll();
  },
  { capture: true, passive: true },
);

// data-copy="text": to the clipboard, and say so on the button itself
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy);
  button.dataset.copied = "yes";
  setTimeout(() => delete button.dataset.copied, 1500);
});
