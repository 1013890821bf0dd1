// #dialog: opens when htmx swaps something into it; guards what was typed; closes on 204.
import { emit, make, text } from "./lib.js";

const dialog = document.getElementById("dialog");

function focusFirst() {
  const field =
    dialog.querySelector("[aria-invalid=true]") ??
    dialog.querySelector("[autofocus]") ??
    dialog.querySelector(
      ".dialog-body :is(input:not([type=hidden], [disabled]), select, textarea):not([disabled])",
    ) ??
    dialog.querySelector(".dialog-foot .btn-primary") ??
    dialog.querySelector("button, a[href]");
  field?.focus({ focusVisible: true });
}

function open() {
  delete dialog.dataset.dirty;
  if (!dialog.open) {
    dialog.showModal();
    emit("dialog:opened", {}, dialog);
  }
  focusFirst();
}

/** Close without asking; the content goes, so that nothing stale is submitted later. */
export function close() {
  if (!dialog?.open) return;
  emit("dialog:closed", {}, dialog);
  dialog.close();
  dialog.replaceChildren();
  delete dialog.dataset.dirty;
}

function ask() {
  const shown = dialog.querySelector(".dialog-ask");
  if (shown) {
    shown.querySelector("button").focus();
    return;
  }
  const keep = make("button", { type: "button", class: "btn btn-sm" }, text("keep"));
  const discard = make("button", { type: "button", class: "btn btn-sm btn-danger" }, text("discard"));
  const bar = make("div", { class: "dialog-ask", role: "alert" }, make("span", {}, text("lose")), keep, discard);
  keep.addEventListener("click", () => {
    bar.remove();
    focusFirst();
  });
  discard.addEventListener("click", () => {
    emit("dialog:discarded", {}, dialog);
    close();
  });
  dialog.append(bar);
  keep.focus();
}

/** Close, but ask where typed input would be lost. */
export function leave() {
  if (dialog.dataset.dirty) ask();
  else close();
}

function submit(form) {
  const button = form?.querySelector("button:not([type=button], [type=reset], [disabled])");
  if (button) form.requestSubmit(button);
}

if (dialog) {
  dialog.addEventListener("input", (event) => {
    if (!event.target.closest("[data-no-guard]")) dialog.dataset.dirty = "yes";
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      const askBar = dialog.querySelector(".dialog-ask");
      if (askBar) askBar.remove();
      else leave();
    }
  });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) leave();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-dialog-close]")) leave();
  });

  // the same form as a page of its own: leaving it goes back to where one came from
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-dialog-close]")) return;
    // a dialog that was closed by this click has let go of its content: the way of the click tells
    if (event.composedPath().some((one) => one.localName === "dialog")) return;
    if (history.length > 1) history.back();
    else location.assign("/");
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog) return;
    const refused = event.detail.xhr.status === 422;
    if (dialog.childElementCount) open();
    if (refused) dialog.dataset.dirty = "yes";
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, elt, successful, requestConfig } = event.detail;
    // an answer that leads elsewhere is not called successful, but it is one
    const answered = successful || Boolean(xhr.getResponseHeader("HX-Location"));
    const saved = answered && xhr.status < 400 && requestConfig.verb !== "get";
    if (!saved || !dialog.contains(elt)) return;
    if (xhr.status === 204 || !dialog.contains(event.detail.target)) close();
  });
  document.addEventListener("dialog:close", close);
}

// Ctrl+Enter saves the form one is in, dialog or not.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form");
  if (!form || form.closest("#palette")) return;
  event.preventDefault();
  submit(form);
});
