// The tabs of saved views are put into another order with the mouse (by keys: in the view's menu).
let tab = null;

const strip = (element) => element?.closest?.("[data-view-tabs]") ?? null;

document.addEventListener("dragstart", (event) => {
  tab = event.target.closest?.("[data-view-tabs] [data-view]") ?? null;
  if (tab) event.dataTransfer.effectAllowed = "move";
  tab?.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-view-tabs] [data-view]");
  if (!tab || strip(event.target) !== strip(tab)) return;
  event.preventDefault();
  if (!over || over === tab) return;
  const box = over.getBoundingClientRect();
  const before = event.clientX < box.left + box.width / 2;
  over.parentElement.insertBefore(tab, before ? over : over.nextSibling);
});

document.addEventListener("drop", (event) => {
  if (tab && strip(event.target) === strip(tab)) event.preventDefault();
});

document.addEventListener("dragend", () => {
  const list = strip(tab);
  tab?.classList.remove("is-dragged");
  tab = null;
  if (!list) return;
  const order = [...list.querySelectorAll("[data-view]")].map((one) => one.dataset.view).join(",");
  window.htmx.ajax("POST", list.dataset.orderUrl, { source: list, swap: "none", values: { order, quiet: "1" } });
});
