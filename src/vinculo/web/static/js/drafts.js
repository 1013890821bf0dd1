// form[data-draft]: what is typed is kept on this device until it is saved. Gone at sign-out.
import { text } from "./lib.js";
import { show } from "./toast.js";

const PREFIX = "draft:";
const KEPT_MS = 14 * 24 * 3600 * 1000;
const PAUSE_MS = 300;

function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // storage is off: nothing is kept, everything else works
  }
}

function controls(form) {
  return [...form.elements].filter(
    (control) =>
      control.name && !control.readOnly && !["password", "file", "hidden", "submit", "button"].includes(control.type),
  );
}

function differs(control) {
  if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
  if (control instanceof HTMLSelectElement) return [...control.options].some((o) => o.selected !== o.defaultSelected);
  return control.value !== control.defaultValue;
}

function save(form) {
  const typed = controls(form)
    .filter(differs)
    .map((control) => [control.name, control.value, control.checked ?? null]);
  const key = PREFIX + form.dataset.draft;
  if (typed.length) store()?.setItem(key, JSON.stringify({ at: Date.now(), typed }));
  else store()?.removeItem(key);
}

export function forget(form) {
  clearTimeout(form.draftTimer);
  store()?.removeItem(PREFIX + form.dataset.draft);
}

function restore(form) {
  if (form.draftSeen || form.querySelector(".field-error")) return;
  form.draftSeen = true;
  const kept = JSON.parse(store()?.getItem(PREFIX + form.dataset.draft) ?? "null");
  if (!kept) return;
  let found = false;
  for (const [name, value, checked] of kept.typed) {
    for (const control of controls(form).filter((one) => one.name === name)) {
      if (["checkbox", "radio"].includes(control.type)) {
        if (control.value === value) control.checked = checked;
      } else if (control.value !== value) {
        control.value = value;
        found = true;
      }
    }
  }
  if (found) show({ message: text("restored"), level: "info" });
}

function cleanUp() {
  const kept = store();
  for (const key of Object.keys(kept ?? {}).filter((name) => name.startsWith(PREFIX))) {
    if (Date.now() - (JSON.parse(kept.getItem(key))?.at ?? 0) > KEPT_MS) kept.removeItem(key);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => save(form), PAUSE_MS);
});
// Before the answer is put in place: the fresh form must not find the draft of the one just saved.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  if (elt.matches?.("form[data-draft]") && requestConfig.verb !== "get" && xhr.status >= 200 && xhr.status < 300) forget(elt);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-draft]:not([hx-post])")) forget(form);
  if (/\/logout\/?$/.test(form.action)) {
    for (const key of Object.keys(store() ?? {})) if (key.startsWith(PREFIX)) store().removeItem(key);
  }
});
document.addEventListener("htmx:load", (event) => {
  const { elt } = event.detail;
  if (elt.matches?.("form[data-draft]")) restore(elt);
  elt.querySelectorAll?.("form[data-draft]").forEach(restore);
});
cleanUp();
document.querySelectorAll("form[data-draft]").forEach(restore);
