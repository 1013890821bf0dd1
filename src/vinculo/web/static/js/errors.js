// A request that failed is never silent: a toast says why and offers the way on.
import { text } from "./lib.js";
import { show } from "./toast.js";
import { keepForLater } from "./waiting.js";

const BY_STATUS = { 403: "forbidden", 404: "missing", 410: "missing", 413: "toolarge", 429: "toomany" };

function isQuiet(element) {
  return Boolean(element?.closest?.("[data-quiet], #jobs, #notifications"));
}

function again(config) {
  if (config.elt?.isConnected === false) return;
  window.htmx.ajax(config.verb.toUpperCase(), config.path, {
    source: config.elt,
    target: config.target,
    values: Object.fromEntries(config.formData ?? []),
  });
}

function offerRetry(message, config) {
  show({ message, level: "error", action_label: text("retry"), retry: () => again(config) });
}

function signIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  show({
    message: text("expired"),
    level: "warning",
    action_label: text("signin"),
    href: `/accounts/login/?next=${next}`,
  });
}

/** The server already said what happened. */
function saidByServer(xhr) {
  return /"toast"/.test(xhr.getResponseHeader("HX-Trigger") ?? "");
}

document.addEventListener("htmx:responseError", ({ detail }) => {
  const { xhr, requestConfig } = detail;
  if (saidByServer(xhr)) return;
  if (xhr.status === 401 || xhr.status === 419) signIn();
  else if (BY_STATUS[xhr.status]) show({ message: text(BY_STATUS[xhr.status]), level: "error" });
  else if (!isQuiet(requestConfig.elt)) offerRetry(text("failed"), requestConfig);
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    if (keepForLater(detail.requestConfig)) return;
    if (!isQuiet(detail.requestConfig.elt)) offerRetry(text("unreachable"), detail.requestConfig);
  });
}

// A whole page where a part was asked for: the session ended, or the server sent us elsewhere.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target, requestConfig } = event.detail;
  if (target === document.body || !/^\s*<!doctype html/i.test(xhr.responseText ?? "")) return;
  // the very page that was asked for: hx-select takes its part out of it
  const asked = new URL(requestConfig.path, location.href).pathname;
  if (xhr.status < 400 && xhr.responseURL && new URL(xhr.responseURL).pathname === asked) return;
  event.detail.shouldSwap = false;
  if (xhr.status >= 400) return;
  const url = new URL(xhr.responseURL || location.href, location.href);
  if (url.pathname.startsWith("/accounts/login") || url.pathname.startsWith("/accounts/reauthenticate")) signIn();
  else location.assign(url);
});
