// One listener for every shortcut: data-key="e" or "g c" on a link, button or summary clicks it.
import { frontDialog, isTyping, isVisible } from "./lib.js";

const SEQUENCE_MS = 900;
const handlers = new Map();
let before = "";
let beforeAt = 0;

/** A shortcut of a module: returns false when it does not apply now. */
export function bind(key, handler) {
  handlers.set(key, [...(handlers.get(key) ?? []), handler]);
}

function name(event) {
  const shifted = event.shiftKey && (event.key.length > 1 || /^[a-z]$/i.test(event.key));
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return (shifted ? "Shift+" : "") + (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + key;
}

/** The visible element with this key; what stands in the content comes before the shell. */
function target(key) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const there = found.filter((element) => isVisible(element) || element.closest(".nav"));
  return there.find((element) => element.closest("#main, #panel")) ?? there[0];
}

function run(key) {
  for (const handler of handlers.get(key) ?? []) {
    if (handler() !== false) return true;
  }
  const element = target(key);
  element?.focus({ preventScroll: true });
  element?.click();
  return Boolean(element);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const key = name(event);
  const global = key === "Ctrl+k";
  if (!global && (isTyping(event.target) || frontDialog())) return;
  // a focused control keeps the keys it needs itself
  if (event.target.closest?.("a[href], button, summary, [role=option]") && ["Enter", " "].includes(event.key)) return;
  if (event.target.matches?.("input[type=checkbox], input[type=radio]") && event.key === " ") return;

  const inTime = event.timeStamp - beforeAt < SEQUENCE_MS;
  const sequence = before && inTime ? `${before} ${key}` : "";
  before = key;
  beforeAt = event.timeStamp;
  if ((sequence && run(sequence)) || run(key)) {
    if (sequence) before = "";
    event.preventDefault();
  }
});
