// data-confirm: our own question instead of the browser's, for htmx requests and plain forms.
import { make, text } from "./lib.js";

/** Ask; resolves to whether the reader agreed. */
export function ask(question, label) {
  return new Promise((resolve) => {
    const yes = make("button", { class: "btn btn-danger", value: "yes" }, label || text("yes"));
    const no = make("button", { class: "btn", value: "no", autofocus: true }, text("no"));
    const form = make(
      "form",
      { method: "dialog" },
      make("div", { class: "dialog-head" }, make("h2", { id: "confirm-title" }, question)),
      make("div", { class: "dialog-foot" }, no, yes),
    );
    const box = make("dialog", { class: "dialog", role: "alertdialog", "aria-labelledby": "confirm-title" }, form);
    box.addEventListener("close", () => {
      resolve(box.returnValue === "yes");
      box.remove();
    });
    // Esc belongs to this question, not to the dialog under it
    box.addEventListener("keydown", (event) => event.stopPropagation());
    document.body.append(box);
    box.showModal();
  });
}

document.addEventListener("htmx:confirm", async (event) => {
  const holder = event.detail.elt.closest("[data-confirm]");
  if (!holder || holder.dataset.confirmed) return;
  event.preventDefault();
  if (await ask(holder.dataset.confirm || text("confirm"), holder.dataset.confirmLabel)) {
    event.detail.issueRequest(true);
  }
});

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    const byHtmx = form.matches("[hx-post],[hx-put],[hx-delete],[hx-patch],[hx-get]");
    if (question === undefined || byHtmx || form.dataset.confirmed) return;
    event.preventDefault();
    const label = event.submitter?.dataset.confirmLabel ?? form.dataset.confirmLabel;
    if (await ask(question || text("confirm"), label)) {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter ?? undefined);
      delete form.dataset.confirmed;
    }
  },
  true,
);
