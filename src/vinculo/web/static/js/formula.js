// [data-insert]: a word that is put into the formula beside it, where the cursor stands.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-insert]");
  const area = button?.closest("[data-formula-editor]")?.querySelector("textarea");
  if (!area) return;
  const { insert } = button.dataset;
  const start = area.selectionStart;
  area.setRangeText(insert, start, area.selectionEnd, "end");
  const open = insert.indexOf("(");
  if (open >= 0 && !insert.endsWith("()")) area.setSelectionRange(start + open + 1, start + open + 1);
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
