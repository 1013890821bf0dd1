// label[data-drop] around a file input: takes dropped files, names them, sends when asked to.
const zoneOf = (event) => event.target.closest?.("[data-drop]");

function named(zone, input) {
  const place = zone.querySelector("[data-drop-name]");
  if (place) place.textContent = [...input.files].map((file) => file.name).join(", ");
  if ("dropSubmit" in zone.dataset) input.form?.requestSubmit();
}

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("is-over");
  const input = zone.querySelector("input[type=file]");
  if (!input || !event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  named(zone, input);
});
document.addEventListener("change", (event) => {
  const zone = zoneOf(event);
  if (zone && event.target.matches("input[type=file]")) named(zone, event.target);
});
