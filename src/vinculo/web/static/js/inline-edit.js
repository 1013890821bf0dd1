// A fact or a cell edited in place: the server sends the field's form, and the new value after it.
const before = new WeakMap();

const holderOf = (element) => element?.closest?.("[data-edit-url]") ?? null;
const isOpen = (holder) => Boolean(holder.querySelector(".inline-form"));

function changed(form) {
  return [...form.elements].some((control) => {
    if (control.type === "hidden" || !control.name) return false;
    if (control instanceof HTMLSelectElement) return [...control.options].some((o) => o.selected !== o.defaultSelected);
    if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
    return control.value !== control.defaultValue;
  });
}

export async function start(holder) {
  if (!holder || isOpen(holder) || holder.classList.contains("is-loading")) return;
  before.set(holder, holder.innerHTML);
  holder.classList.add("is-loading");
  await window.htmx.ajax("GET", holder.dataset.editUrl, { source: holder, target: holder, swap: "innerHTML" });
  holder.classList.remove("is-loading");
  const control = holder.querySelector("[aria-invalid=true], input:not([type=hidden]), select, textarea");
  control?.focus();
  if (control?.matches("input:is([type=text],[type=email],[type=tel],[type=url],:not([type]))")) control.select();
}

function restore(holder) {
  const form = holder.querySelector(".inline-form");
  if (!form || !before.has(holder)) return;
  // what stood here was our own server's rendering, taken back unchanged
  holder.innerHTML = before.get(holder);
  before.delete(holder);
  window.htmx.process(holder);
  holder.focus();
}

/** Save as Enter does, with the form's first button; leaving the place presses no button. */
function save(holder, { left = false } = {}) {
  const form = holder.querySelector("form.inline-form");
  if (!form || holder.classList.contains("is-saving")) return;
  const button = form.querySelector("button[type=submit]");
  if (left || !button) form.requestSubmit();
  else form.requestSubmit(button);
}

/** The next editable place in the same row or list of facts. */
function neighbour(holder, step) {
  const group = holder.closest("tr, dl") ?? document;
  const all = [...group.querySelectorAll("[data-edit-url]")];
  return all[all.indexOf(holder) + step]?.dataset.editUrl;
}

let goOn = null;

document.addEventListener("click", (event) => {
  const holder = holderOf(event.target);
  if (holder && event.target.closest("[data-inline-cancel]")) restore(holder);
  if (!holder || event.target.closest("a, button, input, select, textarea, label, summary")) return;
  if (!getSelection()?.toString()) start(holder);
});

document.addEventListener("keydown", (event) => {
  const holder = holderOf(event.target);
  if (!holder || event.isComposing) return;
  const inForm = event.target.closest(".inline-form");
  if (!inForm) {
    if (event.target === holder && ["Enter", "e", "F2"].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      start(holder);
    }
    return;
  }
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    restore(holder);
  } else if (event.key === "Enter" && !event.target.matches("textarea, button")) {
    event.preventDefault();
    save(holder);
  } else if (event.key === "Tab" && holder.querySelectorAll(".inline-form :is(input:not([type=hidden]), select, textarea)").length === 1) {
    const next = neighbour(holder, event.shiftKey ? -1 : 1);
    if (!next && !changed(inForm)) return restore(holder);
    event.preventDefault();
    goOn = next;
    if (changed(inForm)) save(holder);
    else {
      restore(holder);
      openNext();
    }
  }
});

function openNext() {
  const url = goOn;
  goOn = null;
  if (url) start(document.querySelector(`[data-edit-url="${CSS.escape(url)}"]`));
}

// Leaving saves what changed and restores what did not (on a phone: a tap outside).
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.(".inline-form");
  const holder = holderOf(form);
  if (!holder || form.contains(event.relatedTarget)) return;
  setTimeout(() => {
    if (!form.isConnected || form.contains(document.activeElement) || !document.hasFocus()) return;
    if (document.querySelector("dialog[open]")) return;
    // a warning or a clash waits for an answer; it is not waved through by walking away
    if (form.querySelector(".field-warning")) return;
    if (changed(form)) save(holder, { left: true });
    else restore(holder);
  }, 60);
});

// A refusal comes back as the form: it stays inside the fact instead of replacing it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (!target.matches?.("[data-edit-url]")) return;
  if (xhr.status === 422 || xhr.status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.swapOverride = "innerHTML";
    goOn = null;
  }
});
// The page around follows a change; where somebody is typing already, it waits for their save.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.querySelector?.(".inline-form, .is-loading")) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches?.(".inline-form")) holderOf(event.detail.elt)?.classList.add("is-saving");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const holder = event.detail.target;
  if (!holder?.matches?.("[data-edit-url]")) return;
  holder.classList.remove("is-saving");
  if (event.detail.requestConfig.verb === "get") return;
  if (event.detail.xhr.status === 422) holder.querySelector("[aria-invalid=true], input, select, textarea")?.focus();
  else if (event.detail.xhr.status < 300) setTimeout(openNext, 0);
});

function reachable(root) {
  for (const holder of root.querySelectorAll?.("[data-edit-url]:not([tabindex])") ?? []) holder.tabIndex = 0;
  if (root.matches?.("[data-edit-url]:not([tabindex])")) root.tabIndex = 0;
}
document.addEventListener("htmx:load", (event) => reachable(event.detail.elt));
reachable(document);
