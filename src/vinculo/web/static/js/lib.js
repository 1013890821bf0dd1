// What every module needs: texts in the reader's language, the form token, small questions.

/** A text the server translated: see components/strings.html. */
export function text(name, values = {}) {
  const found = document.getElementById("strings")?.dataset[name] ?? "";
  return found.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** The token a POST must carry, as the page's own htmx requests do. */
export function csrfToken() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
  } catch {
    return "";
  }
}

/** Whether keys belong to a control the reader is typing in. */
export function isTyping(target) {
  return Boolean(
    target?.closest?.(
      "input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable=true]",
    ),
  );
}

export function isVisible(element) {
  return element.getClientRects().length > 0;
}

/** The modal dialog in front, if one is open. */
export function frontDialog() {
  return [...document.querySelectorAll("dialog[open]")].at(-1) ?? null;
}

export function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = value ? 60 * 60 * 24 * 365 : 0;
  document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

/** Make an element with attributes and children; text is always text, never HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Only addresses of this site are followed when they come from data. */
export function ownUrl(address) {
  const url = new URL(address, location.href);
  return url.origin === location.origin ? url : null;
}

export function emit(name, detail = {}, target = document.body) {
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}
