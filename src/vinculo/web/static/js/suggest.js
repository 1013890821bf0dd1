// [data-suggest]: a text box whose suggestions open a page, with what the form says already. What is
// typed stays a text: Enter and leaving the box do what they always do unless a suggestion is chosen.
import { forget } from "./drafts.js";
import { mayBeKept } from "./device.js";

const PAUSE_MS = 150;
const asked = new WeakMap();

const partsOf = (box) => ({
  input: box.querySelector("[role=combobox]"),
  list: box.querySelector("[role=listbox]"),
});
const options = (list) => [...list.querySelectorAll("[role=option]")];
const active = (list) => list.querySelector("[aria-selected=true]");

function close(box) {
  const { input, list } = partsOf(box);
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
}

async function suggest(box) {
  const { input, list } = partsOf(box);
  asked.get(box)?.abort();
  const request = new AbortController();
  asked.set(box, request);
  const url = new URL(box.dataset.suggest, location.href);
  url.searchParams.set("q", input.value.trim());
  const country = input.form?.elements.namedItem("country")?.value;
  if (country) url.searchParams.set("country", country);
  try {
    const response = await fetch(url, { signal: request.signal, headers: { "HX-Request": "true" } });
    if (!response.ok) return close(box);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    list.replaceChildren(...answer.body.children);
    const any = options(list).length > 0 && box.contains(document.activeElement);
    list.hidden = !any;
    input.setAttribute("aria-expanded", String(any));
  } catch (error) {
    if (error.name !== "AbortError") close(box);
  }
}

/** Open what was chosen; what the form says already goes along, except what is sensitive. */
function choose(box, option) {
  const { input } = partsOf(box);
  const { form } = input;
  const url = new URL(option.dataset.open, location.href);
  const inPlace = Boolean(form?.classList.contains("inline-form"));
  close(box);
  if (inPlace) {
    // what was typed there was a question: the fact stands again as it was
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  } else {
    for (const control of form?.elements ?? []) {
      if (control.name && !control.name.startsWith("_") && mayBeKept(control) && control.value) {
        url.searchParams.set(control.name, control.value);
      }
    }
    if (form?.dataset.draft) forget(form);
  }
  const dialog = document.getElementById("dialog");
  const inPage = form && !dialog?.contains(form) && !inPlace;
  if (!dialog || inPage) location.assign(url);
  else window.htmx.ajax("GET", url.pathname + url.search, { target: dialog, swap: "innerHTML" });
}

function move(list, step) {
  const all = options(list);
  const at = all.indexOf(active(list));
  for (const option of all) option.setAttribute("aria-selected", "false");
  const next = all[(at + step + all.length) % all.length];
  next?.setAttribute("aria-selected", "true");
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-suggest]");
  if (!box) return;
  clearTimeout(Number(box.dataset.timer));
  box.dataset.timer = String(setTimeout(() => suggest(box), PAUSE_MS));
});

document.addEventListener(
  "keydown",
  (event) => {
    const box = event.target.closest?.("[data-suggest]");
    if (!box || event.isComposing) return;
    const { list } = partsOf(box);
    if (list.hidden) return;
    if (event.key === "ArrowDown") move(list, 1);
    else if (event.key === "ArrowUp") move(list, -1);
    else if (event.key === "Enter" && active(list)) choose(box, active(list));
    else if (event.key === "Escape") close(box);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("[data-suggest] [role=option]");
  if (!option) return;
  event.preventDefault();
  choose(option.closest("[data-suggest]"), option);
});

document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.("[data-suggest]");
  if (box && !box.contains(event.relatedTarget)) close(box);
});
