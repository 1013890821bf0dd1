// form[data-draft]: what is typed is kept on this device for this person until it is saved or
// discarded. Never what is encrypted, never passwords; gone at sign-out.
import { isSignedIn, keysWith, mayBeKept, own, read, remove, write } from "./device.js";
import { make, text } from "./lib.js";

const KEPT_MS = 14 * 24 * 3600 * 1000;
const PAUSE_MS = 300;

const keyOf = (form) => own("draft", form.dataset.draft);

function controls(form) {
  return [...form.elements].filter((one) => mayBeKept(one) && !one.readOnly && one.type !== "hidden");
}

/** What a control held when the form came. */
function original(control) {
  if (["checkbox", "radio"].includes(control.type)) return control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    return [...control.options].filter((one) => one.defaultSelected).map((one) => one.value).join("\n");
  }
  return control.defaultValue;
}

function differs(control) {
  if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    return [...control.selectedOptions].map((one) => one.value).join("\n") !== original(control);
  }
  return control.value !== control.defaultValue;
}

function save(form) {
  const typed = controls(form)
    .filter(differs)
    .map((one) => [one.name, one.value, one.checked ?? null, original(one)]);
  if (typed.length) write(keyOf(form), { at: Date.now(), typed });
  else remove(keyOf(form));
}

export function forget(form) {
  clearTimeout(form.draftTimer);
  remove(keyOf(form));
}

function put(control, value, checked) {
  if (["checkbox", "radio"].includes(control.type)) {
    if (control.value === value) control.checked = checked;
    return false;
  }
  if (control.value === value) return false;
  control.value = value;
  return true;
}

function restore(form) {
  if (!isSignedIn() || form.draftSeen || form.querySelector(".field-error")) return;
  form.draftSeen = true;
  const kept = read(keyOf(form));
  let found = false;
  for (const [name, value, checked, was] of kept?.typed ?? []) {
    for (const control of controls(form).filter((one) => one.name === name)) {
      // somebody saved another value since: what they saved stays
      if (was === undefined || was === original(control) || control.type === "radio") {
        found = put(control, value, checked) || found;
      }
    }
  }
  if (!found) return;
  const discard = make("button", { type: "button", class: "btn-link" }, text("discarddraft"));
  const note = make("p", { class: "draft-note", role: "status" }, text("restored"), " ", discard);
  discard.addEventListener("click", () => {
    forget(form);
    form.reset();
    note.remove();
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
  });
  (form.querySelector(".dialog-body") ?? form).prepend(note);
}

for (const key of keysWith("draft:")) {
  if (Date.now() - (read(key)?.at ?? 0) > KEPT_MS) remove(key);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form || !isSignedIn()) return;
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => save(form), PAUSE_MS);
});
// Before the answer is put in place: the fresh form must not find the draft of the one just saved.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  const form = elt.matches?.("form[data-draft]") && requestConfig.verb !== "get";
  if (form && xhr.status >= 200 && xhr.status < 300) forget(elt);
});
document.addEventListener("dialog:discarded", (event) => {
  event.target.querySelectorAll("form[data-draft]").forEach(forget);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-draft]:not([hx-post])")) forget(form);
  if (/\/logout\/?$/.test(form.action)) keysWith("draft:").forEach(remove);
});
document.addEventListener("htmx:load", (event) => {
  const { elt } = event.detail;
  if (elt.matches?.("form[data-draft]")) restore(elt);
  elt.querySelectorAll?.("form[data-draft]").forEach(restore);
});
document.querySelectorAll("form[data-draft]").forEach(restore);
