// The editor of a layout: fields and sections are moved by mouse, finger (at the grip), keys
// (Alt and an arrow) and buttons. The inputs' order is the layout: what is moved is all there is to it.
import { emit, make } from "./lib.js";
import { place as placeMenu } from "./menu.js";

const EDGE_PX = 56;
const SCROLL_PX = 14;
const ITEM = "[data-layout-row], [data-layout-section]";

const editorOf = (element) => element.closest?.("[data-layout-editor]") ?? null;
const itemOf = (element) => element.closest?.(ITEM) ?? null;
const isSection = (item) => item.matches("[data-layout-section]");
const listOf = (row) => row.closest("[data-layout-list]");
const inPalette = (row) => Boolean(row.closest("[data-palette]"));
const sections = (editor) => [...editor.querySelectorAll("[data-layout-section]")];
const told = (editor, name, values) => editor.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

function titleOf(section) {
  return section.querySelector("input[type=text]").value || editorOf(section).dataset.untitled;
}

// --- moving ------------------------------------------------------------------------------------

function say(item) {
  const editor = editorOf(item);
  const among = [...item.parentElement.children].filter((one) => one.matches(ITEM));
  const values = { name: item.dataset.label, place: among.indexOf(item) + 1, all: among.length };
  const section = isSection(item) ? item : item.closest("[data-layout-section]");
  if (section) values.section = titleOf(section);
  else values.section = item.closest(".card").querySelector("h2").textContent;
  const which = isSection(item) ? "movedSection" : inPalette(item) ? "movedOut" : "moved";
  editor.querySelector("[data-layout-said]").textContent = told(editor, which, values);
}

/** Put an item before another one (or last, in `list`); it keeps the focus. */
function put(item, list, before) {
  const held = item.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(item, before);
  const seen = held?.getClientRects().length ? held : item.querySelector("[data-layout-grip]");
  if (held) seen.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  say(item);
  emit("layout:changed");
}

/** One place up or down; over the edge of a section into the one beside it. */
function step(item, way) {
  const beside = way < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (beside?.matches(ITEM)) return put(item, item.parentElement, way < 0 ? beside : beside.nextSibling);
  if (isSection(item) || inPalette(item) || item.closest("[data-panels]")) return undefined;
  const all = sections(editorOf(item));
  const other = all[all.indexOf(item.closest("[data-layout-section]")) + way];
  const list = other?.querySelector("[data-layout-list]");
  return list && put(item, list, way < 0 ? null : list.firstElementChild);
}

/** A section goes, its fields stay: in the section beside it. */
function takeAway(section) {
  const editor = editorOf(section);
  const all = sections(editor);
  const at = all.indexOf(section);
  const other = all[at - 1] ?? all[at + 1];
  if (!other) return;
  const list = other.querySelector("[data-layout-list]");
  const rows = [...section.querySelectorAll("[data-layout-row]")];
  if (all[at - 1]) list.append(...rows);
  else list.prepend(...rows);
  section.remove();
  other.querySelector("[data-layout-grip]").focus();
  emit("layout:changed");
}

const moves = {
  up: (item) => step(item, -1),
  down: (item) => step(item, 1),
  out(item) {
    if (isSection(item)) takeAway(item);
    else put(item, editorOf(item).querySelector("[data-palette]"), null);
  },
  in(item) {
    const all = sections(editorOf(item));
    if (all.length) put(item, all.at(-1).querySelector("[data-layout-list]"), null);
  },
};

function addSection(editor) {
  const pattern = document.getElementById("layout-section-pattern").content.firstElementChild;
  const section = document.importNode(pattern, true);
  const key = `n${Date.now().toString(36)}`;
  for (const input of section.querySelectorAll("[name]")) {
    input.name = input.name.replace("KEY", key);
    if (input.value === "section:KEY") input.value = `section:${key}`;
  }
  editor.querySelector("[data-layout-sections]").append(section);
  window.htmx.process(section);
  section.querySelector("input[type=text]").focus();
  emit("layout:changed");
}

document.addEventListener("click", (event) => {
  const editor = editorOf(event.target);
  if (!editor) return;
  const button = event.target.closest("[data-layout-move]");
  if (button) {
    const item = itemOf(button);
    for (const menu of item.querySelectorAll("details.menu[open]")) menu.open = false;
    moves[button.dataset.layoutMove](item);
  }
  else if (event.target.closest("[data-layout-add]")) addSection(editor);
});

document.addEventListener("keydown", (event) => {
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!way || !event.altKey || event.ctrlKey || event.metaKey || !editorOf(event.target)) return;
  const item = itemOf(event.target);
  if (!item || event.target.closest(".popover")) return;
  event.preventDefault();
  event.stopPropagation();
  step(item, way);
});

// --- dragging, with whatever points ---------------------------------------------------------------

let drag = null; // { item, at, over, after }

/** Where it would go: before or after the item under the pointer, or at the end of an empty list. */
function placeAt({ x, y }) {
  const under = document.elementFromPoint(x, y);
  const editor = under && editorOf(under);
  if (!editor || editor !== editorOf(drag.item)) return null;
  const wanted = isSection(drag.item) ? "[data-layout-section]" : "[data-layout-row]";
  const over = under.closest(wanted);
  const panels = drag.item.closest("[data-panels]");
  if (over && over !== drag.item && over.closest("[data-panels]") === panels) {
    const box = over.getBoundingClientRect();
    return { over, list: over.parentElement, after: y > box.top + box.height / 2 };
  }
  if (over || isSection(drag.item) || panels) return null;
  const card = under.closest("[data-layout-section], .layout-palette");
  const list = card?.querySelector("[data-layout-list]");
  return list ? { over: list, list, after: true } : null;
}

function mark(place) {
  for (const one of document.querySelectorAll(".layout-before, .layout-after")) {
    one.classList.remove("layout-before", "layout-after");
  }
  place?.over.classList.add(place.after ? "layout-after" : "layout-before");
}

function follow() {
  if (!drag) return;
  const { y } = drag.at;
  if (y < EDGE_PX) window.scrollBy({ top: -SCROLL_PX, behavior: "instant" });
  else if (y > innerHeight - EDGE_PX) window.scrollBy({ top: SCROLL_PX, behavior: "instant" });
  mark(placeAt(drag.at));
  requestAnimationFrame(follow);
}

function drop(event) {
  if (!drag) return;
  const { item } = drag;
  const place = event.type === "pointerup" ? placeAt(drag.at) : null;
  drag = null;
  mark(null);
  item.classList.remove("is-dragged");
  document.documentElement.classList.remove("is-arranging");
  if (!place || (place.list.matches("[data-palette]") && "stays" in item.dataset)) return;
  const before = place.over === place.list ? null : place.after ? place.over.nextElementSibling : place.over;
  if (before !== item) put(item, place.list, before);
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-layout-grip]");
  if (!grip || event.button || !event.isPrimary) return;
  drag = { item: itemOf(grip), at: { x: event.clientX, y: event.clientY } };
  drag.item.classList.add("is-dragged");
  document.documentElement.classList.add("is-arranging");
  requestAnimationFrame(follow);
});
document.addEventListener("pointermove", (event) => {
  if (drag && event.isPrimary) drag.at = { x: event.clientX, y: event.clientY };
});
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

// --- visible when --------------------------------------------------------------------------------

const NAMING = ["is", "is_not", "one_of"];
const fieldsOf = (editor) => JSON.parse(editor.dataset.fields);
const hiddenIn = (box) => box.querySelector("input[type=hidden]");

function choices(pairs, chosen, attributes) {
  const options = pairs.map(([value, label]) =>
    make("option", { value, selected: [chosen].flat().includes(value) }, label));
  return make("select", { class: "input", ...attributes }, ...options);
}

function boxes(pairs, chosen, told) {
  const labels = pairs.map(([value, label]) => {
    const box = make("input", { type: "checkbox", value, checked: chosen.includes(value), "data-part": "values" });
    return make("label", { class: "layout-check" }, box, label);
  });
  return make("div", { class: "layout-values", role: "group", "aria-label": told }, ...labels);
}

/** One condition as inputs: which field, what of it, which value. */
function conditionRow(editor, box, condition) {
  const own = box.closest("[data-layout-row]").dataset.layoutRow;
  const fields = fieldsOf(editor).filter((one) => one.name !== own);
  const asks = JSON.parse(editor.dataset.operators);
  const { fieldTold, asksTold, valueTold, removeTold } = editor.dataset;
  const field = fields.find((one) => one.name === condition.field) ?? fields[0];
  const operator = field.operators.includes(condition.operator) ? condition.operator : field.operators[0];
  const row = make("div", { class: "layout-condition", "data-layout-condition": true });
  row.append(
    choices(fields.map((one) => [one.name, one.label]), field.name, { "data-part": "field", "aria-label": fieldTold }),
    choices(field.operators.map((name) => [name, asks[name]]), operator, { "data-part": "operator", "aria-label": asksTold }),
  );
  if (operator === "one_of") row.append(boxes(field.values, condition.values ?? [], valueTold));
  else if (NAMING.includes(operator)) {
    row.append(choices(field.values, condition.values ?? [], { "data-part": "values", "aria-label": valueTold }));
  }
  row.append(make("button", { type: "button", class: "btn btn-sm", "data-layout-condition-remove": true }, removeTold));
  return row;
}

function readRow(row) {
  const part = (name) => row.querySelector(`[data-part=${name}]`);
  const chosen = part("values")?.selectedOptions ?? row.querySelectorAll("input:checked");
  const values = [...chosen].map((one) => one.value);
  return { field: part("field").value, operator: part("operator").value, values };
}

/** What the row of the field says about its conditions, in words. */
function tell(editor, box) {
  const chip = box.closest("[data-layout-row]").querySelector("[data-layout-when-told]");
  const asks = JSON.parse(editor.dataset.operators);
  const words = JSON.parse(hiddenIn(box).value).map(({ field, operator, values }) => {
    const known = fieldsOf(editor).find((one) => one.name === field);
    const named = values.map((value) => known?.values.find(([one]) => one === value)?.[1] ?? value);
    return [known?.label ?? field, asks[operator], named.join(", ")].filter(Boolean).join(" ");
  });
  chip.hidden = !words.length;
  if (!words.length) return;
  const conditions = words.reduce((one, other) => told(editor, "and", { one, other }));
  chip.textContent = told(editor, "if", { conditions });
}

function keep(box) {
  const rows = [...box.querySelectorAll("[data-layout-condition]")];
  hiddenIn(box).value = JSON.stringify(rows.map(readRow));
  placeMenu(box.closest("details.menu")); // it is higher now, or lower
  tell(editorOf(box), box);
  emit("layout:changed");
}

function showConditions(box) {
  const editor = editorOf(box);
  const rows = JSON.parse(hiddenIn(box).value).map((one) => conditionRow(editor, box, one));
  box.querySelector("[data-layout-conditions]").replaceChildren(...rows);
  tell(editor, box);
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-layout-when]");
  if (!box) return;
  if (event.target.closest("[data-layout-condition-add]")) {
    const row = conditionRow(editorOf(box), box, {});
    box.querySelector("[data-layout-conditions]").append(row);
    row.querySelector("select").focus();
    keep(box);
  }
  const remove = event.target.closest("[data-layout-condition-remove]");
  if (remove) {
    remove.closest("[data-layout-condition]").remove();
    box.querySelector("[data-layout-condition-add]").focus();
    keep(box);
  }
});

document.addEventListener("change", (event) => {
  const part = event.target.closest?.("[data-layout-condition] [data-part]");
  if (!part) return;
  const row = part.closest("[data-layout-condition]");
  const box = row.closest("[data-layout-when]");
  if (part.dataset.part !== "values") {
    // what can be asked, and of which values, follows from what was chosen; the list that somebody
    // is typing in stays
    const after = [...row.children].indexOf(part) + 1;
    const now = part.dataset.part === "field" ? { field: part.value } : readRow(row);
    const fresh = [...conditionRow(editorOf(box), box, now).children].slice(after);
    for (const old of [...row.children].slice(after)) old.remove();
    row.append(...fresh);
  }
  keep(box);
});

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (editorOf(event.target)) emit("layout:changed");
  });
}

function begin() {
  for (const box of document.querySelectorAll("[data-layout-editor] [data-layout-when]:not([data-ready])")) {
    box.dataset.ready = "";
    showConditions(box);
  }
}

document.addEventListener("htmx:load", begin);
begin();
