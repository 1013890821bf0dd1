// Filters live in the address: forms send only what is filled in, and send when they change.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && !event.target.matches("[data-no-autosubmit]")) form.requestSubmit();
});

let pause = 0;
document.addEventListener("input", (event) => {
  if (!event.target.matches("form[data-autosubmit] input[type=search]") || event.isComposing) return;
  clearTimeout(pause);
  pause = setTimeout(() => event.target.form?.requestSubmit(), 200);
});

// an empty control says nothing: it stays out of the address
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "get" || form.matches("[hx-get]")) return;
  const empty = [...form.elements].filter((control) => control.name && control.value === "" && !control.disabled);
  for (const control of empty) control.disabled = true;
  setTimeout(() => empty.forEach((control) => (control.disabled = false)), 0);
});
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, verb, formData } = event.detail;
  if (verb !== "get" || !elt.matches("form")) return;
  for (const [name, value] of [...formData.entries()]) {
    if (value === "") formData.delete(name);
  }
});

// the field picked in "add a filter" is narrowed by typing: data-narrow names the list
document.addEventListener("input", (event) => {
  const selector = event.target.dataset?.narrow;
  if (!selector) return;
  const wanted = event.target.value.trim().toLocaleLowerCase();
  const around = event.target.closest(".popover, .menu-list") ?? document;
  for (const item of around.querySelectorAll(`${selector} :is(.menu-item:not(.picker-back), label)`)) {
    item.hidden = Boolean(wanted) && !item.textContent.toLocaleLowerCase().includes(wanted);
  }
});

// from the typing box Enter takes the first that is left, the arrow goes on to the list
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("input[data-narrow]");
  if (!box || !["Enter", "ArrowDown"].includes(event.key) || event.isComposing) return;
  const list = box.closest(".popover, .menu-list");
  const left = [...list.querySelectorAll(`${box.dataset.narrow} :is(.menu-item:not(.picker-back), label)`)].find((one) => !one.hidden);
  event.preventDefault();
  if (!left) return;
  const control = left.matches("label") ? left.querySelector("input") : left;
  if (event.key === "Enter") control.click();
  else control.focus();
});

// on a chip, Delete takes its filter away
document.addEventListener("keydown", (event) => {
  if (!["Delete", "Backspace"].includes(event.key) || !event.target.matches?.(".filter-edit, .filter-x")) return;
  event.preventDefault();
  event.target.closest("[data-filter]")?.querySelector(".filter-x")?.click();
});
