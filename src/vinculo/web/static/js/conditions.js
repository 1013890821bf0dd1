// [data-when]: an input that a layout shows only while other inputs of the same form say so. What an
// input holds is read as words, as the server reads them (records/shaping/conditions.py): what is
// hidden here is neither asked for nor changed there.

// what the server takes out of a text, and what it takes for a space
const INVISIBLE =
  /[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}]+/gu;
const SPACES = /[\s\u001c-\u001f\u0085]+/gu;

const cleaned = (text) => text.replace(INVISIBLE, "").replace(SPACES, " ").trim();

const READ = {
  box: (inputs) => [inputs[0].checked ? "true" : "false"],
  boxes: (inputs) => inputs.filter((one) => one.checked).map((one) => one.value),
  choice: ([input]) => (input.value ? [input.value] : []),
  tags: ([input]) => input.value.replaceAll("，", ",").split(",").map(cleaned).filter(Boolean),
  text: ([input]) => (cleaned(input.value) ? [input.value] : []),
};

/** Whether a condition holds of an input that holds these words. */
export function holds({ operator, values }, held) {
  if (operator === "empty") return held.length === 0;
  if (operator === "set") return held.length > 0;
  const met = values.some((value) => held.includes(value));
  return operator === "is_not" ? !met : met;
}

/** A condition whose input is not here says nothing. */
function met(condition, area) {
  const inputs = [...area.querySelectorAll(`[name="${CSS.escape(condition.field)}"]`)];
  return !inputs.length || holds(condition, READ[condition.reads](inputs));
}

function settle(area) {
  const waiting = area.querySelectorAll("[data-when]");
  for (const field of waiting) field.hidden = !JSON.parse(field.dataset.when).every((one) => met(one, area));
  if (!waiting.length) return;
  for (const section of area.querySelectorAll("[data-form-section]")) {
    section.hidden = ![...section.querySelectorAll("[data-field]")].some((field) => !field.hidden);
  }
}

const areaOf = (element) => element.closest?.("form, [data-form-preview]");
const areas = (root) => new Set([...root.querySelectorAll("[data-when]")].map(areaOf));

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const area = areaOf(event.target);
    if (area) settle(area);
  });
}
// a form that came, also with what was typed before in it
document.addEventListener("htmx:load", (event) => areas(event.target).forEach(settle));
document.addEventListener("reset", (event) => setTimeout(() => settle(event.target)));
areas(document).forEach(settle);
