// The `?` sheet: built from what is on the page now, so it never lies.
import { bind } from "./keys.js";
import { isVisible, make, text } from "./lib.js";

function caps(key) {
  const parts = key.split(/[ +]/).map((part) => make("kbd", {}, part));
  return make("span", { class: "keys" }, ...parts);
}

function section(title, entries) {
  if (!entries.length) return [];
  const rows = entries.map(([key, label]) => make("div", {}, make("span", {}, label), caps(key)));
  return [make("h3", { class: "key-sheet-title" }, title), make("div", { class: "key-sheet" }, ...rows)];
}

function pageKeys() {
  const groups = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!isVisible(element) && !element.closest(".nav")) continue;
    const label = element.dataset.keyLabel || element.textContent.trim();
    const group = element.dataset.keyGroup || text("keysPage");
    const known = groups.get(group) ?? new Map();
    known.set(element.dataset.key, label);
    groups.set(group, known);
  }
  return [...groups].flatMap(([group, keys]) => section(group, [...keys]));
}

function listKeys() {
  if (!document.querySelector("[data-list]")) return [];
  return section(text("keysList"), [
    ["j", text("keysDown")],
    ["k", text("keysUp")],
    ["Enter", text("keysOpen")],
    ["Space", text("keysPeek")],
    ["x", text("keysSelect")],
    ["Shift+x", text("keysRange")],
    ["e", text("keysEdit")],
  ]);
}

function partKeys() {
  const parts = [];
  if (document.querySelector("[data-list][role=grid]")) {
    parts.push(
      ...section(text("keysCells"), [
        ["→ Esc", text("keysCellsEnter")],
        ["Shift+↓", text("keysCellsMark")],
        ["Ctrl+C", text("keysCellsCopy")],
        ["Ctrl+V", text("keysCellsPaste")],
        ["Ctrl+D", text("keysCellsDown")],
        ["Del", text("keysCellsEmpty")],
      ]),
    );
  }
  if (document.querySelector("[data-task-list] [data-task]")) {
    parts.push(
      ...section(text("keysTasks"), [
        ["j", text("keysDown")],
        ["k", text("keysUp")],
        ["d", text("keysTasksDone")],
        ["s", text("keysTasksSnooze")],
        ["Enter", text("keysOpen")],
      ]),
    );
  }
  if (document.querySelector("[data-card]")) {
    parts.push(
      ...section(text("keysCards"), [
        ["↓ →", text("keysCardsWalk")],
        ["Shift+→", text("keysCardsMove")],
        ["Space", text("keysPeek")],
      ]),
    );
  }
  return parts;
}

export function openHelp() {
  const close = make("button", { class: "btn btn-quiet", autofocus: true }, text("close"));
  const everywhere = section(text("keysEverywhere"), [
    ["Ctrl+K", text("keysSearch")],
    ["/", text("keysSearch")],
    [">", text("keysCommands")],
    ["?", text("keysHelp")],
    ["Ctrl+Z", text("keysUndo")],
    ["Ctrl+Shift+Z", text("keysRedo")],
    ["Esc", text("keysEsc")],
    ["Ctrl+Enter", text("keysSave")],
  ]);
  const body = make("div", { class: "dialog-body" }, ...pageKeys(), ...listKeys(), ...partKeys(), ...everywhere);
  const head = make("div", { class: "dialog-head" }, make("h2", { id: "keys-title" }, text("keys")), close);
  const form = make("form", { method: "dialog", class: "dialog-wide" }, head, body);
  const sheet = make("dialog", { class: "dialog", "aria-labelledby": "keys-title" }, form);
  sheet.addEventListener("close", () => sheet.remove());
  sheet.addEventListener("pointerdown", (event) => event.target === sheet && sheet.close());
  document.body.append(sheet);
  sheet.showModal();
}

bind("?", openHelp);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help-open]")) openHelp();
});
