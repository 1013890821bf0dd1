// Calm news: what others changed on the screen is shown anew where it stands and lights up for a
// moment; what would come to a list or a timeline waits behind a button. Nothing moves by itself.
import { emit, frontDialog, make, text } from "./lib.js";
import { cardsShown, dragging, refreshCard } from "./live-cards.js";

const EVERY_MS = 15_000;
const AT_MOST_MS = 300_000;
const FRESH_MS = 4_000;

let pause = EVERY_MS;
let timer = 0;
let stopped = false;
const kept = new Map(); // what is watched → {since, etag, waiting, moved}

/** What of this page can change under the reader: [name, record type, list state, ids on screen]. */
function watched() {
  const found = [];
  const list = document.querySelector("[data-list][data-live]");
  if (list) {
    const ids = [...[...list.querySelectorAll("tr[data-row]")].map((row) => row.dataset.id), ...cardsShown()];
    found.push({ name: "list", on: list.dataset.live, list: list.dataset.query ?? "", shown: ids });
  }
  const record = document.querySelector("#record[data-entity]");
  if (record) found.push({ name: "record", on: record.dataset.entity, list: "", shown: [record.dataset.id] });
  const timeline = document.querySelector("#timeline[data-live]");
  if (timeline) found.push({ name: "timeline", on: timeline.dataset.live, list: timeline.dataset.liveQuery, shown: [] });
  return found;
}

function busy(part) {
  return Boolean(
    part?.querySelector("form.cell-form, .inline-form, .is-loading") || part?.contains(frontDialog()),
  );
}

function glow(element) {
  element.classList.add("is-fresh");
  setTimeout(() => element.classList.remove("is-fresh"), FRESH_MS);
}

async function refreshRow(id) {
  const find = () => document.querySelector(`[data-list] tr[data-row][data-id="${CSS.escape(id)}"]`);
  const row = find();
  if (!row || busy(row)) return;
  if (!row.contains(document.activeElement)) {
    const list = row.closest("[data-list]").dataset.query ?? "";
    const url = `${row.dataset.href}/row?${new URLSearchParams({ list })}`;
    await window.htmx.ajax("GET", url, { source: row, target: row, swap: "outerHTML" });
  }
  if (find()) glow(find());
}

const values = () =>
  new Map([...document.querySelectorAll("#record-facts [data-edit-url], #record-facts .fact")].map((one) => [
    one.dataset.editUrl ?? one.querySelector("dt")?.textContent, one.textContent.trim(),
  ]));

/** The record anew; what is different afterwards lights up. */
function refreshRecord() {
  const before = values();
  emit("record:changed");
  document.addEventListener("htmx:oobAfterSwap", function lit(event) {
    if (event.detail.target?.id !== "record-facts") return;
    document.removeEventListener("htmx:oobAfterSwap", lit);
    requestAnimationFrame(() => {
      for (const one of document.querySelectorAll("#record-facts [data-edit-url], #record-facts .fact")) {
        const name = one.dataset.editUrl ?? one.querySelector("dt")?.textContent;
        if (before.get(name) !== one.textContent.trim()) glow(one);
      }
    });
  });
}

/** What waits has been shown. */
function forget(name) {
  kept.get(name)?.waiting.clear();
  kept.get(name)?.moved.clear();
}

/** How much of a list waits: rows and cards that are new, and cards that belong elsewhere now. */
function offerList({ waiting, moved }) {
  const list = document.getElementById("list");
  const n = String(waiting.size + moved.size);
  if (list && n !== "0") offer("list", list, text(moved.size ? "newchanges" : "newrows", { n }), "records:changed");
}

/** A button before what would change: pressed, it shows the news. */
function offer(name, before, label, event) {
  let note = document.querySelector(`[data-live-note="${name}"]`);
  if (!note) {
    note = make("button", { type: "button", class: "live-note", "data-live-note": name });
    note.addEventListener("click", () => {
      note.parentElement.remove();
      forget(name);
      emit(event);
    });
    before.before(make("div", { class: "live-place", role: "status" }, note));
  }
  note.textContent = label;
}

function tell(one, told, state) {
  if (one.name === "list") {
    const elsewhere = (id) => {
      state.moved.add(id);
      offerList(state);
    };
    for (const id of told.changed.map(String)) {
      refreshRow(id);
      refreshCard(id, glow, elsewhere);
    }
    told.new.forEach((id) => state.waiting.add(id));
    offerList(state);
  } else if (one.name === "record" && told.changed.length) {
    const page = document.getElementById("record");
    if (busy(page) || page.contains(document.querySelector("#record-facts :focus"))) {
      offer("record", document.getElementById("record-facts"), text("newentries"), "record:changed");
    } else refreshRecord();
  } else if (one.name === "timeline" && told.new.length) {
    offer("timeline", document.getElementById("timeline"), text("newentries"), "timeline:changed");
  }
}

async function ask(one) {
  const known = kept.get(one.name);
  const same = known && known.on === one.on && known.list === one.list;
  const state = same ? known : { on: one.on, list: one.list, since: "", etag: "", waiting: new Set(), moved: new Set() };
  kept.set(one.name, state);
  const query = new URLSearchParams({ on: one.on, list: one.list, shown: one.shown.join(","), since: state.since });
  const headers = state.etag ? { "If-None-Match": state.etag } : {};
  const answer = await fetch(`/live?${query}`, { headers, cache: "no-store", redirect: "manual" });
  if (answer.status === 304) {
    state.since = answer.headers.get("X-Since") ?? state.since;
    return;
  }
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
    stopped = true; // signed out, or no longer ours to see: the next click says so
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  if (dragging()) return; // asked again when it is put down
  state.etag = answer.headers.get("ETag") ?? "";
  state.since = told.since;
  tell(one, told, state);
}

async function round() {
  clearTimeout(timer);
  if (stopped || document.hidden || navigator.onLine === false) return;
  if (dragging()) {
    timer = setTimeout(round, 1000);
    return;
  }
  try {
    for (const one of watched()) await ask(one);
    pause = EVERY_MS;
  } catch {
    pause = Math.min(pause * 2, AT_MOST_MS);
  }
  // not all pages of a company at the same second
  timer = setTimeout(round, pause * (0.9 + Math.random() * 0.2));
}

document.addEventListener("visibilitychange", round);
addEventListener("online", round);
// the list was fetched anew: what waited is in it
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "list") return;
  forget("list");
  document.querySelector('[data-live-note="list"]')?.parentElement.remove();
});
if (document.getElementById("main") && watched().length) round();
else document.addEventListener("htmx:afterSettle", () => watched().length && !timer && round());
