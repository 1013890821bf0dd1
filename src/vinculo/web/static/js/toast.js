// Toasts: from the server by HX-Trigger `toast`, from Django's messages, from our own modules.
import { make, ownUrl } from "./lib.js";

const STAYS_MS = 10_000;
const AT_MOST = 4;
const box = document.getElementById("toasts");

/** Over a modal dialog too: the last popover shown is the top of the top layer. */
function lift() {
  if (!box.showPopover) return;
  box.popover = "manual";
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}

function remove(toast) {
  clearTimeout(toast.timer);
  toast.remove();
}

function startTimer(toast) {
  toast.timer = setTimeout(() => remove(toast), STAYS_MS);
}

/** Reading or reaching for a toast keeps it. */
function live(toast) {
  startTimer(toast);
  for (const name of ["pointerenter", "focusin"]) {
    toast.addEventListener(name, () => clearTimeout(toast.timer));
  }
  for (const name of ["pointerleave", "focusout"]) {
    toast.addEventListener(name, () => {
      clearTimeout(toast.timer);
      startTimer(toast);
    });
  }
}

async function undo(toast, url) {
  remove(toast);
  await window.htmx.ajax("POST", url, { source: document.body, target: document.body, swap: "none" });
}

/** Show one toast. `retry` is a function of our own modules; the server sends undo_url or href. */
export function show({ message, level = "success", undo_url, action_label, href, retry }) {
  const template = document.getElementById("toast-template");
  if (!box || !template || !message) return null;
  const toast = template.content.firstElementChild.cloneNode(true);
  const icon = document
    .getElementById("toast-icons")
    .content.querySelector(`[data-level="${CSS.escape(level)}"] svg`);
  if (icon) toast.prepend(icon.cloneNode(true));
  toast.querySelector(".toast-text").textContent = message;
  toast.dataset.level = level;
  if (level === "error") toast.setAttribute("role", "alert");

  const undoButton = toast.querySelector(".toast-undo");
  if (undo_url && ownUrl(undo_url)) {
    undoButton.hidden = false;
    undoButton.addEventListener("click", () => undo(toast, undo_url));
  } else undoButton.remove();

  const action = toast.querySelector(".toast-action");
  if (href && ownUrl(href)) {
    action.hidden = false;
    action.href = href;
    action.textContent = action_label ?? href;
  } else if (retry) {
    const button = make("button", { type: "button", class: "toast-action" }, action_label);
    button.addEventListener("click", () => {
      remove(toast);
      retry();
    });
    action.replaceWith(button);
  } else action.remove();

  toast.querySelector(".toast-close").addEventListener("click", () => remove(toast));
  box.append(toast);
  lift();
  while (box.children.length > AT_MOST) remove(box.firstElementChild);
  live(toast);
  return toast;
}

document.body.addEventListener("toast", (event) => show(event.detail));
for (const toast of box?.querySelectorAll("[data-toast]") ?? []) live(toast);
