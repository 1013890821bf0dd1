// What is kept on this device for one person: drafts, and entries that wait for the network.

const user = document.body.dataset.user ?? "";

export function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // storage is off: nothing is kept, everything else works
  }
}

/** The name under which something of this person is kept. */
export function own(kind, name = "") {
  return `${kind}:${user}:${name}`;
}

export function isSignedIn() {
  return Boolean(user);
}

export function read(key) {
  try {
    return JSON.parse(store()?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export function write(key, value) {
  try {
    store()?.setItem(key, JSON.stringify(value));
    return Boolean(store());
  } catch {
    return false; // full
  }
}

export function remove(key) {
  store()?.removeItem(key);
}

/** Every name that begins with `start`. */
export function keysWith(start) {
  return Object.keys(store() ?? {}).filter((name) => name.startsWith(start));
}

/** Whether a control may be kept at all: no password, no file, nothing the company keeps encrypted. */
export function mayBeKept(control) {
  return (
    Boolean(control.name) &&
    !["password", "file", "submit", "button"].includes(control.type) &&
    control.dataset.sensitive === undefined
  );
}
