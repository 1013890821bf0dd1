// Copy, paste, fill down and clear a block of cells. The server shows what would change first.
import { block, fieldOf, focused, heads, table } from "./grid.js";

const FORMULA = /^'*[=+\-@＝＋－＠\t\r\n]/;

/** What a cell says, in words another program takes. */
function wordsOf(cell) {
  const copy = cell.cloneNode(true);
  for (const hidden of copy.querySelectorAll("[aria-hidden=true], svg, .visually-hidden, .task-check")) hidden.remove();
  const time = copy.querySelector("time[datetime]");
  if (time) return time.getAttribute("datetime");
  const link = copy.querySelector("a[href^='http']");
  if (link) return link.getAttribute("href");
  const chips = [...copy.querySelectorAll(".chip")];
  const words = chips.length > 1 ? chips.map((chip) => chip.textContent.trim()).join("; ") : copy.textContent;
  return words.replace(/\s+/g, " ").trim();
}

/** No spreadsheet may run what it is given: an apostrophe before = + - @, numbers aside. */
function safe(words, cell) {
  return FORMULA.test(words) && !cell.classList.contains("num") ? `'${words}` : words;
}

function copied() {
  const chosen = block();
  if (!chosen) return "";
  return chosen.rows
    .map((row) => chosen.columns.map((place) => safe(wordsOf(row.cells[place]), row.cells[place])).join("\t"))
    .join("\n");
}

/** A spreadsheet's text as lines of cells; quoted cells may hold tabs, quotes and line ends. */
export function parse(text) {
  const lines = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === "\t" || letter === "\n") {
      lines.at(-1).push(cell);
      cell = "";
      if (letter === "\n") lines.push([]);
    } else if (letter !== "\r") cell += letter;
  }
  lines.at(-1).push(cell);
  if (lines.length > 1 && lines.at(-1).length === 1 && lines.at(-1)[0] === "") lines.pop();
  return lines;
}

function send(told, direct) {
  const list = table();
  window.htmx.ajax("POST", list.dataset.cells, {
    source: document.body,
    target: "#dialog",
    swap: "innerHTML",
    values: { block: JSON.stringify(told), seen: list.dataset.seen, direct: direct ? "1" : "" },
  });
}

const idsOf = (rows) => rows.map((row) => row.dataset.id);
const fieldsOf = (places) => places.map((place) => heads()[place].dataset.field);

function paste(text) {
  const chosen = block();
  const cell = focused();
  if (!chosen || !cell || !text) return;
  const lines = parse(text);
  const single = lines.length === 1 && lines[0].length === 1;
  let { rows, columns } = chosen;
  if (!single) {
    const all = [...document.querySelectorAll("[data-list] tr[data-row]")];
    const places = heads().flatMap((head, place) => (head.dataset.field ? [place] : []));
    rows = all.slice(chosen.top, chosen.top + lines.length);
    const first = places.indexOf(columns[0]);
    columns = places.slice(first, first + Math.max(...lines.map((line) => line.length)));
  }
  const values = rows.map((_, y) => columns.map((_, x) => (single ? lines[0][0] : (lines[y][x] ?? ""))));
  send({ rows: idsOf(rows), fields: fieldsOf(columns), values }, rows.length * columns.length === 1);
}

/** The first row of the block into those below it; a single row takes what stands above. */
export function fillDown() {
  const chosen = block();
  if (!chosen) return;
  const all = [...document.querySelectorAll("[data-list] tr[data-row]")];
  const rows = chosen.rows.length > 1 ? chosen.rows : all.slice(Math.max(0, chosen.top - 1), chosen.top + 1);
  if (rows.length > 1) send({ rows: idsOf(rows), fields: fieldsOf(chosen.columns), fill: true }, true);
}

/** Empty every cell of the block. */
export function clearBlock() {
  const chosen = block();
  if (!chosen) return;
  const values = chosen.rows.map(() => chosen.columns.map(() => ""));
  const fields = fieldsOf(chosen.columns);
  send({ rows: idsOf(chosen.rows), fields, values }, chosen.rows.length * fields.length === 1);
}

const inCells = () => {
  const cell = focused();
  return Boolean(cell && document.activeElement === cell && fieldOf(cell));
};

document.addEventListener("copy", (event) => {
  if (!inCells()) return;
  event.clipboardData.setData("text/plain", copied());
  event.preventDefault();
});
document.addEventListener("paste", (event) => {
  if (!inCells()) return;
  event.preventDefault();
  paste(event.clipboardData.getData("text/plain"));
});
