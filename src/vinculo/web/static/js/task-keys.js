// The keyboard in lists of tasks: j k walk, d ticks the marked one off, s opens its snooze menu.
import { bind } from "./keys.js";

const tasks = () => [...document.querySelectorAll("[data-task-list] [data-task]")];
let markedId = "";
let markedAt = 0;

const marked = () => tasks().find((task) => task.id === markedId) ?? null;

function mark(task) {
  for (const other of document.querySelectorAll("[data-task].is-current")) other.classList.remove("is-current");
  markedId = task?.id ?? "";
  if (!task) return;
  markedAt = tasks().indexOf(task);
  task.classList.add("is-current");
  task.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = tasks();
  if (!all.length) return false;
  const at = all.indexOf(marked());
  mark(all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))]);
  return true;
}

/** Without a marked task the first one is meant: the day is worked off from the top. */
function within(selector, act) {
  return () => {
    const element = (marked() ?? tasks()[0])?.querySelector(selector);
    if (!element) return false;
    act(element);
    return true;
  };
}

bind("j", () => move(1));
bind("k", () => move(-1));
bind("d", within(".task-check:not(:disabled), [data-report]", (element) => element.click()));
bind("s", within("[data-snooze]", (element) => element.click()));
bind("Enter", () => {
  const link = marked()?.querySelector(".task-title");
  if (!link || document.activeElement?.matches("a, button, summary")) return false;
  link.click();
  return true;
});

// All of a folded section was asked for: one goes on at the first line that was not there before.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.matches?.("[data-show-all]")) return;
  const before = event.detail.elt.closest("section").querySelectorAll("[data-task]").length;
  const goOn = () => {
    mark(tasks()[before]);
    tasks()[before]?.querySelector(".task-title").focus();
  };
  document.addEventListener("htmx:afterSettle", goOn, { once: true });
});

// The list came anew: the mark stays on its task, or moves to the one that took its place.
document.addEventListener("htmx:afterSettle", () => {
  if (!markedId || !tasks().length) return;
  mark(marked() ?? tasks()[Math.min(markedAt, tasks().length - 1)]);
});
