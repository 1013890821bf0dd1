// @ in a text: form[data-mentions="address"] offers the colleagues who may see the record.
import { make } from "./lib.js";

const BEGUN = /(?:^|[^A-Za-z0-9_.@])@([^@\n]{0,40})$/;
const PAUSE_MS = 120;
let timer = 0;
let request = null;

const listOf = (area) => document.getElementById(`${area.id}_mentions`);
const options = (list) => [...(list?.querySelectorAll("[role=option]") ?? [])];
const open = (area) => options(listOf(area)).length > 0 && !listOf(area).hidden;

/** What has been typed of a name before the caret, or null where no mention has begun. */
function begun(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  return BEGUN.exec(area.value.slice(0, area.selectionStart))?.[1] ?? null;
}

function close(area) {
  const list = listOf(area);
  if (list) list.hidden = true;
  area.removeAttribute("aria-activedescendant");
}

function makeList(area) {
  const list = make("div", { class: "reference-list", role: "listbox", id: `${area.id}_mentions`, hidden: true });
  list.setAttribute("aria-label", area.labels?.[0]?.textContent ?? "");
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.after(list);
  return list;
}

async function suggest(area) {
  const name = begun(area);
  request?.abort();
  if (name === null) return close(area);
  request = new AbortController();
  try {
    const address = `${area.form.dataset.mentions}?q=${encodeURIComponent(name)}`;
    const answer = await fetch(address, { signal: request.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) return close(area);
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = listOf(area) ?? makeList(area);
    list.replaceChildren(...parsed.body.children);
    list.hidden = !options(list).length;
    if (list.hidden) close(area);
    else mark(area, options(list)[0]);
  } catch (error) {
    if (error.name !== "AbortError") close(area);
  }
}

function mark(area, option) {
  for (const other of options(listOf(area))) other.setAttribute("aria-selected", String(other === option));
  area.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function choose(area, option) {
  const caret = area.selectionStart;
  const start = caret - (begun(area)?.length ?? 0);
  area.setRangeText(`${option.dataset.name} `, start, caret, "end");
  close(area);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function areaOf(target) {
  return target?.closest?.("form[data-mentions] textarea") ?? null;
}

document.addEventListener("input", (event) => {
  const area = areaOf(event.target);
  if (!area) return;
  clearTimeout(timer);
  timer = setTimeout(() => suggest(area), PAUSE_MS);
});

document.addEventListener(
  "keydown",
  (event) => {
    const area = areaOf(event.target);
    if (!area || event.isComposing || event.ctrlKey || event.metaKey || !open(area)) return;
    const all = options(listOf(area));
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(area, all[(at + step + all.length) % all.length]);
    else if (["Enter", "Tab"].includes(event.key)) choose(area, all[Math.max(at, 0)]);
    else if (event.key === "Escape") close(area);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("form[data-mentions] [role=listbox] [role=option]");
  const area = option?.closest("[data-field]")?.querySelector("textarea");
  if (!area) return;
  event.preventDefault();
  choose(area, option);
});

document.addEventListener("focusout", (event) => {
  const area = areaOf(event.target);
  if (area) close(area);
});
