// Entries made without a network wait on this device, in sight, until the reader sends them. Each
// carries its form's one-time token: one that did arrive is answered again, not saved again.
import { isSignedIn, mayBeKept, own, read, remove, write } from "./device.js";
import { csrfToken, emit, make, ownUrl, text } from "./lib.js";
import { show } from "./toast.js";

const MOST = 50;
const box = document.getElementById("waiting");
const KEY = own("waiting");

const entries = () => read(KEY) ?? [];

function keep(list) {
  const kept = list.length ? write(KEY, list) : (remove(KEY), true);
  render();
  return kept;
}

/** Only forms that are saved once, and hold nothing that must not lie on a device. */
function fits(form) {
  if (!form?.matches?.("form[hx-post]") || !form.elements._once?.value) return false;
  return [...form.elements].every((one) => {
    if (one.type === "file") return !one.files.length;
    if (one.type === "password") return false;
    return mayBeKept(one) || one.dataset.sensitive === undefined || !one.value;
  });
}

function titleOf(form) {
  const about = form.querySelector("#dialog-title") ?? document.querySelector("#main h1");
  const heading = about?.textContent.trim() ?? "";
  const typed = form.querySelector("textarea, input[type=text]")?.value.trim() ?? "";
  return [heading, typed].filter(Boolean).join(": ").slice(0, 120);
}

/** A form that could not be sent because there is no network; true when it is kept for later. */
export function keepForLater(request) {
  const form = request.elt;
  if (navigator.onLine !== false || request.verb !== "post" || !isSignedIn() || !fits(form)) return false;
  const values = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const url = ownUrl(request.path);
  if (!url || values.some(([, value]) => typeof value !== "string")) return false;
  const list = entries();
  const again = list.find((one) => one.once === form.elements._once.value);
  if (list.length >= MOST && !again) return false;
  const entry = {
    once: form.elements._once.value,
    at: Date.now(),
    path: url.pathname + url.search,
    title: titleOf(form),
    values,
    dialog: Boolean(form.closest("#dialog")),
    draft: form.dataset.draft ?? "",
    page: location.pathname,
  };
  if (!keep([...list.filter((one) => one !== again), entry])) return false;
  if (form.dataset.draft) remove(own("draft", form.dataset.draft));
  if (entry.dialog) emit("dialog:close");
  else {
    form.reset();
    // the next one is another one: it needs a token of its own
    form.elements._once.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.replace(".", "");
  }
  show({ message: text("kept"), level: "info" });
  return true;
}

function drop(entry) {
  keep(entries().filter((one) => one.once !== entry.once));
}

/** What the answer asks of the page: the toast with its undo, parts to be fetched anew. */
function obey(answer) {
  const asked = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}");
  for (const [name, detail] of Object.entries(asked)) emit(name, detail ?? {});
  if (!asked.toast) show({ message: text("sent") });
}

/** It cannot be saved as it is: the ordinary dialog says why, or the form stands there filled. */
async function lookAgain(entry) {
  if (entry.dialog) {
    const values = {};
    for (const [name, value] of entry.values) {
      values[name] = name in values ? [values[name], value].flat() : value;
    }
    drop(entry);
    await window.htmx.ajax("POST", entry.path, { source: document.body, target: "#dialog", swap: "innerHTML", values });
    return;
  }
  if (entry.draft) {
    const typed = entry.values.filter(([name]) => name !== "_once").map(([name, value]) => [name, value, null]);
    write(own("draft", entry.draft), { at: Date.now(), typed });
    drop(entry);
    location.assign(entry.draft.includes(":") ? `${entry.page}?compose=${entry.draft.split(":")[0]}` : entry.page);
    return;
  }
  show({ message: text("needslook"), level: "warning", href: entry.page, action_label: text("open") });
}

async function send(entry) {
  const answer = await fetch(entry.path, {
    method: "POST",
    body: new URLSearchParams(entry.values),
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
    redirect: "manual",
  });
  if (answer.ok) {
    drop(entry);
    obey(answer);
    return true;
  }
  if (answer.status === 422 || answer.status === 409) {
    await lookAgain(entry);
    return false;
  }
  const signedOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
  show({ message: text(signedOut ? "expired" : "failed"), level: "error" });
  return false;
}

async function sendAll(button) {
  button.disabled = true;
  try {
    for (const entry of entries()) if (!(await send(entry))) break;
  } catch {
    show({ message: text("unreachable"), level: "error" });
  }
  render();
}

function line(entry) {
  const discard = make("button", { type: "button", class: "btn-link" }, text("discarddraft"));
  discard.addEventListener("click", () => {
    drop(entry);
    show({ message: text("dropped"), level: "info" });
  });
  return make("li", {}, make("span", { class: "waiting-title" }, entry.title), discard);
}

function render() {
  if (!box) return;
  const list = isSignedIn() ? entries() : [];
  box.hidden = !list.length;
  box.replaceChildren();
  if (!list.length) return;
  const said = list.length === 1 ? text("waitingone") : text("waiting", { n: String(list.length) });
  const button = make("button", { type: "button", class: "btn btn-sm btn-primary" }, text("send"));
  button.disabled = navigator.onLine === false;
  button.addEventListener("click", () => sendAll(button));
  const details = make("details", {}, make("summary", {}, said), make("ul", {}, ...list.map(line)));
  box.append(details, button);
}

addEventListener("online", render);
addEventListener("offline", render);
addEventListener("storage", (event) => event.key === KEY && render());
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!/\/logout\/?$/.test(form.action)) return;
    // signing out takes them along: not without a word
    if (entries().length && !form.dataset.confirmed) form.dataset.confirm = box.querySelector("summary").textContent;
    else remove(KEY);
  },
  { capture: true },
);
render();
