// Toasts: from the server by HX-Trigger `toast`, from Django's messages, from our own modules.
import { ask } from "./confirm.js";
import { bind } from "./keys.js";
import { frontDialog, make, ownUrl, text } from "./lib.js";

const STAYS_MS = 10_000;
const AT_MOST = 4;
const ASK_AFTER_MS = 60_000;
const box = document.getElementById("toasts");

/**
 * Over a modal dialog too, and inside it: what is outside cannot be pressed. The last popover shown
 * is the top of the top layer.
 */
function lift(host = frontDialog() ?? document.body) {
  if (!box.showPopover) return;
  if (box.parentElement !== host) host.append(box);
  box.popover = "manual";
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}

if (box) {
  // a dialog that goes, or gets other content, takes nothing of it along
  const home = () => box.closest("dialog") && lift(document.body);
  document.addEventListener("dialog:closed", home);
  document.addEventListener("htmx:beforeSwap", (event) => event.detail.target?.contains?.(box) && home());
  document.addEventListener("close", (event) => event.target.contains(box) && home(), true);
  document.addEventListener("htmx:afterSettle", () => box.childElementCount && frontDialog() && lift());
}

function remove(toast) {
  clearTimeout(toast.timer);
  toast.remove();
}

function startTimer(toast) {
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => remove(toast), STAYS_MS);
}

/** Reading or reaching for one of them keeps all. */
function held() {
  return box.matches(":hover") || box.contains(document.activeElement);
}

function live(toast) {
  if (!held()) startTimer(toast);
}

if (box) {
  const hold = () => [...box.children].forEach((toast) => clearTimeout(toast.timer));
  const release = () => requestAnimationFrame(() => held() || [...box.children].forEach(startTimer));
  box.addEventListener("pointerover", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("pointerout", release);
  box.addEventListener("focusout", release);
}

// --- undo: the button of a toast, or Ctrl+Z for the last change made on this page ---------------

const done = []; // changes of this page that can be undone, the newest last
const undone = []; // undoings that can be taken back

async function undo(change) {
  for (const kept of [done, undone]) {
    const at = kept.indexOf(change);
    if (at >= 0) kept.splice(at, 1);
  }
  if (change.toast) remove(change.toast);
  const values = change.leadsTo ? { leads_to: change.leadsTo } : {};
  await window.htmx.ajax("POST", change.url, {
    source: document.body,
    target: document.body,
    swap: "none",
    values,
  });
}

async function undoLast(changes) {
  const change = changes.at(-1);
  if (!change) return;
  const old = Date.now() - change.at > ASK_AFTER_MS;
  if (old && !(await ask(text("undothis", { what: change.message }), text("undo")))) return;
  await undo(change);
}

bind("Ctrl+z", () => (done.length ? void undoLast(done) : false));
bind("Shift+Ctrl+z", () => (undone.length ? void undoLast(undone) : false));

/** Show one toast. `retry` is a function of our own modules; the server sends undo_url or href. */
export function show({ message, level = "success", undo_url, undo_leads_to, undoes, action_label, href, retry }) {
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
    const change = { url: undo_url, leadsTo: undo_leads_to, message, at: Date.now(), toast };
    (undoes ? undone : done).push(change);
    undoButton.title = undoes ? "Ctrl+Shift+Z" : "Ctrl+Z";
    undoButton.setAttribute("aria-keyshortcuts", undoes ? "Control+Shift+Z" : "Control+Z");
    undoButton.addEventListener("click", () => undo(change));
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
  lift();
  box.append(toast);
  while (box.children.length > AT_MOST) remove(box.firstElementChild);
  live(toast);
  return toast;
}

document.body.addEventListener("toast", (event) => show(event.detail));
for (const toast of box?.querySelectorAll("[data-toast]") ?? []) live(toast);
