// A reference: type to find a record, choose it with arrows or a click; the hidden input has its id.
const parts = (box) => ({
  hidden: box.querySelector("input[type=hidden]"),
  input: box.querySelector("[role=combobox]"),
  list: box.querySelector("[role=listbox]"),
});
const asked = new WeakMap();

const options = (list) => [...list.querySelectorAll("[role=option]")];
const active = (list) => list.querySelector("[aria-selected=true]");

function close(box) {
  const { input, list } = parts(box);
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
}

async function suggest(box) {
  const { input, list } = parts(box);
  const text = input.value.trim();
  asked.get(box)?.abort();
  const request = new AbortController();
  asked.set(box, request);
  try {
    const url = `${box.dataset.choices}?q=${encodeURIComponent(text)}`;
    const response = await fetch(url, { signal: request.signal, headers: { "HX-Request": "true" } });
    if (!response.ok) return;
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    list.replaceChildren(...answer.body.children);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  } catch (error) {
    if (error.name !== "AbortError") close(box);
  }
}

function choose(box, option) {
  const { hidden, input } = parts(box);
  hidden.value = option.dataset.value;
  input.value = option.dataset.label;
  box.dataset.label = option.dataset.label;
  close(box);
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
}

function move(list, step) {
  const all = options(list);
  if (!all.length) return;
  const at = all.indexOf(active(list));
  for (const option of all) option.removeAttribute("aria-selected");
  const next = all[(at + step + all.length) % all.length];
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-reference]");
  if (!box) return;
  parts(box).hidden.value = "";
  clearTimeout(Number(box.dataset.timer));
  box.dataset.timer = String(setTimeout(() => suggest(box), 120));
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-reference]");
  if (!box || event.isComposing) return;
  const { list } = parts(box);
  if (event.key === "ArrowDown" && list.hidden) suggest(box);
  else if (event.key === "ArrowDown") move(list, 1);
  else if (event.key === "ArrowUp") move(list, -1);
  else if (event.key === "Enter" && !list.hidden && (active(list) ?? options(list)[0])) {
    choose(box, active(list) ?? options(list)[0]);
  } else if (event.key === "Escape" && !list.hidden) close(box);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("[data-reference] [role=option]");
  if (!option) return;
  event.preventDefault();
  choose(option.closest("[data-reference]"), option);
});

// Text that chose nothing does not stay: the box shows what is really meant.
document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.("[data-reference]");
  if (!box || box.contains(event.relatedTarget)) return;
  const { hidden, input } = parts(box);
  close(box);
  if (!hidden.value) input.value = "";
});
