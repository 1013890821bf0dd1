// Light, dark or like the system; folded or open navigation. Cookies, so that the server renders
// the next page right from its first byte.
import { setCookie } from "./lib.js";

const root = document.documentElement;

function current() {
  return root.dataset.theme ?? "system";
}

function show() {
  for (const item of document.querySelectorAll("[data-theme-set]")) {
    item.setAttribute("aria-checked", String(item.dataset.themeSet === current()));
  }
}

function choose(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  setCookie("theme", theme === "system" ? "" : theme);
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // a browser without storage still has the cookie
  }
  show();
}

function toggleNav(button) {
  const app = document.getElementById("app");
  const closed = app.dataset.nav !== "closed";
  if (closed) app.dataset.nav = "closed";
  else delete app.dataset.nav;
  button.setAttribute("aria-expanded", String(!closed));
  setCookie("nav", closed ? "closed" : "");
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-set]");
  if (theme) choose(theme.dataset.themeSet);
  const nav = event.target.closest("[data-nav-toggle]");
  if (nav) toggleNav(nav);
});

// another tab chose: follow it
window.addEventListener("storage", (event) => {
  if (event.key === "theme" && event.newValue) choose(event.newValue);
});

show();
