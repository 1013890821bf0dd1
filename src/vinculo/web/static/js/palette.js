// Ctrl/Cmd+K or `/`: search and commands. The server answers with options; here they are walked.
import { bind } from "./keys.js";
import { isVisible } from "./lib.js";
import { openPanel } from "./panel.js";
import { chosenCount } from "./selection.js";

const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function choose(option) {
  for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
  if (!option) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function move(step) {
  const all = options();
  const at = all.findIndex((option) => option.ariaSelected === "true");
  choose(all[(at + step + all.length) % all.length]);
}

export function openPalette(event) {
  if (!palette) return false;
  event?.preventDefault();
  if (palette.open) {
    input.select();
    return true;
  }
  palette.showModal();
  input.value = "";
  input.focus();
  window.htmx.trigger(input, "palette:open");
  return true;
}

function close() {
  palette.close();
}

/** The control of the page that a command stands for. */
function control(option) {
  const found = [...document.querySelectorAll(option.dataset.press)].filter((one) => !palette.contains(one));
  return found.find(isVisible) ?? found.find((one) => !one.hidden);
}

function press(option) {
  control(option)?.click();
}

/** Commands for what this page does not have are taken out of the answer. */
function prune() {
  for (const option of list.querySelectorAll("[data-press]")) if (!control(option)) option.remove();
  for (const group of list.querySelectorAll("[role=group]")) {
    if (!group.querySelector("[role=option]")) group.remove();
  }
}

function follow(option, beside) {
  if (!option) return;
  close();
  if (beside && option.dataset.peek) openPanel(option.dataset.peek);
  else if (option.dataset.press) press(option);
  else option.click();
}

if (palette) {
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? -1 : 1 };
    if (event.key in steps) {
      event.preventDefault();
      move(steps[event.key]);
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      event.stopPropagation();
      close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      follow(list.querySelector("[aria-selected=true]"), event.ctrlKey || event.metaKey);
    }
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.ariaSelected !== "true") choose(option);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    if (option.dataset.press) event.preventDefault();
    else if (event.ctrlKey || event.metaKey) return;
    close();
    if (option.dataset.press) press(option);
  });
  palette.addEventListener("pointerdown", (event) => event.target === palette && close());
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === list) {
      prune();
      choose(options()[0]);
    } else if (palette.open && !list.querySelector("[aria-selected=true]")) {
      choose(options()[0]); // what is found later is the first there is
    }
  });
  // what the commands are for: the page, and the rows selected on it
  input.addEventListener("htmx:configRequest", (event) => {
    event.detail.parameters.here = location.pathname;
    event.detail.parameters.chosen = chosenCount();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette-open]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) openPalette(event);
  });
  bind("Ctrl+k", () => openPalette());
  bind("/", () => openPalette());
}
