// The composer on a record: one box, its kinds by key (n l m g v t, through data-key), its text kept.
document.addEventListener("click", (event) => {
  const kind = event.target.closest("[data-composer-kind]");
  if (!kind) return;
  for (const other of kind.closest("[role=tablist]")?.querySelectorAll("[role=tab]") ?? []) {
    other.setAttribute("aria-selected", String(other === kind));
  }
});

// the same kinds at the thumb, on a phone: they open above, where the story is
document.addEventListener("click", (event) => {
  const wanted = event.target.closest("[data-compose]");
  const tab = wanted && document.querySelector(`[data-composer-kind="${CSS.escape(wanted.dataset.compose)}"]`);
  if (!tab) return;
  event.preventDefault();
  tab.closest("[data-composer]").scrollIntoView({ block: "start" });
  tab.click();
});

// arrows walk the kinds, as in every row of tabs
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tablist] [role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const all = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  const next = all[(all.indexOf(tab) + step + all.length) % all.length];
  next.focus();
  next.click();
  event.preventDefault();
});

function isComposerPart(element) {
  return Boolean(element?.closest?.("[data-composer]"));
}

document.addEventListener("htmx:afterSettle", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (!isComposerPart(target) || !xhr) return;
  const asked = requestConfig?.triggeringEvent?.type === "click" || xhr.status === 422;
  if (asked) target.querySelector("[aria-invalid=true], textarea, input:not([type=hidden])")?.focus();
});

// saved: the server sent an empty box; the keys are free again for the page
document.addEventListener("htmx:afterSettle", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (!isComposerPart(target) || requestConfig?.verb === "get" || !xhr || xhr.status >= 300) return;
  if (target.contains(document.activeElement)) document.activeElement.blur();
});
