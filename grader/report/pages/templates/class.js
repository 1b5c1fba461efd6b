"use strict";
// The table of the learners: drawn from the data, filtered and sorted. The fragment of the address has the filters,
// so that a view can be bookmarked and sent to somebody. Texts become text nodes, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const [LEARNER, NAME, SECTION, TOTAL, CELLS] = [0, 1, 2, 3, 4];
const [SCORE, NOTE, LINK, STATES, EARNED, MISCONCEPTIONS] = [0, 1, 2, 3, 4, 5];
const FILTERS = ["q", "section", "state", "criterion", "misconception"];
const AT_ONCE = 40; // rows before the first frame; the others follow in pieces between frames
const [PIECE, PIECE_MILLISECONDS] = [20, 12];
const views = data.exercises.length > 1 ? ["all", ...data.exercises.map((one) => one.key)] : data.exercises.map((one) => one.key);
const notRun = data.states.findIndex(([name]) => name === "not-run");
const field = (name) => document.getElementById(name === "q" ? "search" : name);
const collator = new Intl.Collator("en", { numeric: true });
const hasNames = data.rows.some((row) => row[NAME]);
const sections = [...new Set(data.rows.map((row) => row[SECTION]))].sort(collator.compare);
const hasSections = sections.some(Boolean);
const narrow = matchMedia("(max-width: 40rem)"); // a phone: there is no room for the section, which has a filter
let texts;
let now = {};

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// ---- The address ----------------------------------------------------------------------------------------------------

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const found = { exercise: views.includes(given.get("exercise")) ? given.get("exercise") : views[0] ?? "all" };
  for (const name of [...FILTERS, "sort"]) found[name] = given.get(name) ?? "";
  return found;
}

function fragment(wanted) {
  const parts = new URLSearchParams();
  if (wanted.exercise !== views[0]) parts.set("exercise", wanted.exercise);
  for (const name of [...FILTERS, "sort"]) if (wanted[name]) parts.set(name, wanted[name]);
  return `#${parts}`;
}

function change(more) {
  const wanted = { ...now, ...more };
  history.replaceState(null, "", fragment(wanted).length > 1 ? fragment(wanted) : location.pathname + location.search);
  show(wanted);
}

// ---- Columns --------------------------------------------------------------------------------------------------------

function heat(earned, possible) {
  if (earned >= possible) return "h0";
  const lost = 1 - earned / possible;
  return lost <= 0.25 ? "h1" : lost <= 0.5 ? "h2" : lost < 1 ? "h3" : "h4";
}

function whoCell(row) {
  const cell = element("th", "who", element("bdi", "", row[NAME] || row[LEARNER]));
  if (row[NAME] && row[NAME] !== row[LEARNER]) cell.append(" ", element("bdi", "id", row[LEARNER]));
  return cell;
}

function scoreCell(row, at) {
  const [score, note = "", link = "", states = []] = row[CELLS][at];
  const exercise = data.exercises[at];
  const shown = score === null ? note : String(score);
  const cell = element("td", score === null ? "word" : `earned ${states.includes(notRun) ? "idle" : heat(score, exercise.possible)}`);
  if (link.startsWith("reports/")) {
    const anchor = element("a", "", shown);
    anchor.href = link;
    anchor.setAttribute("aria-label", `${shown}: report of ${row[NAME] || row[LEARNER]}, ${exercise.title}`);
    cell.append(anchor);
  } else cell.append(shown);
  if (score !== null && note) cell.append(" ", element("span", "note", note));
  return cell;
}

function criterionCell(row, at, place, possible) {
  const earned = row[CELLS][at][EARNED];
  if (!earned) return element("td", "cell");
  const points = earned[place];
  return points === null ? element("td", "cell idle", "–") : element("td", `cell ${heat(points, possible)}`, String(points));
}

function columnsOf(view) {
  const found = [{ id: "learner", label: "Learner", title: "Learner", width: 0, value: (row) => row[NAME] || row[LEARNER], cell: whoCell }];
  if (hasSections && !narrow.matches) found.push({ id: "section", label: "Section", title: "Section", width: 5.5, value: (row) => row[SECTION], cell: (row) => element("td", "", element("bdi", "", row[SECTION])) });
  data.exercises.forEach((exercise, at) => {
    if (view !== "all" && view !== exercise.key) return;
    const label = view === "all" ? exercise.title : "Points";
    found.push({ id: exercise.key, label, title: label, possible: exercise.possible, width: view === "all" ? 7.5 : 6, numeric: true, value: (row) => row[CELLS][at][SCORE], cell: (row) => scoreCell(row, at) });
    if (view === "all") return;
    const size = (group) => exercise.criteria.filter(([, , , other]) => other === group).length;
    exercise.criteria.forEach(([id, title, possible, group, bonus], place) => {
      const width = Math.max(2.75, (group.length * 0.47 + 1) / size(group)); // the name of the group has room
      const label = `${id} ${possible}${bonus ? " bonus" : ""}`;
      found.push({ id, label, title, group, width, numeric: true, value: (row) => row[CELLS][at][EARNED]?.[place] ?? null, cell: (row) => criterionCell(row, at, place, possible) });
    });
  });
  if (view === "all") found.push({ id: "sum", label: "Sum", title: "Sum", width: 5, numeric: true, value: (row) => row[TOTAL], cell: (row) => element("td", "earned", row[TOTAL] === null ? "" : String(row[TOTAL])) });
  return found;
}

// ---- Rows -----------------------------------------------------------------------------------------------------------

function matching() {
  const words = now.q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length) texts ??= data.rows.map((row) => [row[LEARNER], row[NAME], row[SECTION], ...row[CELLS].map((cell) => cell[NOTE] ?? "")].join("\n").toLowerCase());
  const at = data.exercises.findIndex((one) => one.key === now.exercise);
  const cells = (row) => (at < 0 ? row[CELLS] : [row[CELLS][at]]);
  const state = data.states.findIndex(([name]) => name === now.state);
  const place = at < 0 ? -1 : data.exercises[at].criteria.findIndex(([id]) => id === now.criterion);
  const misconception = data.misconceptions.indexOf(now.misconception);
  return data.rows.filter((row, number) =>
    words.every((word) => texts[number].includes(word)) &&
    (!now.section || row[SECTION] === now.section) &&
    (state < 0 || cells(row).some((cell) => cell[STATES]?.includes(state))) &&
    (place < 0 || (row[CELLS][at][EARNED] && !(row[CELLS][at][EARNED][place] >= data.exercises[at].criteria[place][2]))) &&
    (misconception < 0 || cells(row).some((cell) => cell[MISCONCEPTIONS]?.includes(misconception))));
}

function sorted(rows, columns) {
  const [, minus, id] = /^(-?)(.*)$/.exec(now.sort);
  const column = columns.find((one) => one.id === id);
  if (!column) return rows;
  const compare = column.numeric ? (a, b) => a - b : collator.compare;
  const pairs = rows.map((row) => [column.value(row), row]);
  const [empty, full] = [pairs.filter(([key]) => key === null || key === ""), pairs.filter(([key]) => key !== null && key !== "")];
  full.sort(minus ? (a, b) => compare(b[0], a[0]) : (a, b) => compare(a[0], b[0]));
  return [...full, ...empty].map(([, row]) => row);
}

function rowElement(row, columns) {
  const made = element("tr");
  made.setAttribute("role", "row");
  for (const column of columns) {
    const cell = column.cell(row);
    cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
    made.append(cell);
  }
  return made;
}

let pending = () => {};

function drawRows(body, rows, columns) {
  let drawn = 0;
  const draw = (count) => {
    const piece = document.createDocumentFragment();
    for (const row of rows.slice(drawn, drawn + count)) piece.append(rowElement(row, columns));
    body.append(piece);
    drawn += count;
  };
  draw(AT_ONCE);
  pending = () => draw(rows.length);
  const more = () => {
    const end = performance.now() + PIECE_MILLISECONDS;
    while (body.isConnected && drawn < rows.length && performance.now() < end) draw(PIECE);
    if (body.isConnected && drawn < rows.length) setTimeout(more);
  };
  requestAnimationFrame(() => setTimeout(more));
}

// ---- The table ------------------------------------------------------------------------------------------------------

function headCell(column) {
  const cell = element("th", column.group === undefined ? (column.numeric ? "number" : "") : "tilted");
  cell.setAttribute("role", "columnheader");
  const button = element("button", "", column.label);
  button.type = "button";
  if (column.possible !== undefined) button.append(" ", element("span", "of", `of ${column.possible}`));
  if (column.group !== undefined) {
    cell.title = column.title;
    button.append(element("span", "only-heard", `: ${column.title}`));
  }
  const [up, down] = [now.sort === column.id, now.sort === `-${column.id}`];
  if (up || down) cell.setAttribute("aria-sort", up ? "ascending" : "descending");
  button.addEventListener("click", () => {
    change({ sort: up ? `-${column.id}` : column.id });
    document.querySelector(`#learners [data-column="${CSS.escape(column.id)}"] button`).focus();
  });
  cell.dataset.column = column.id;
  cell.append(button);
  return cell;
}

function groupRow(columns) {
  const row = element("tr", "groups");
  row.setAttribute("role", "row");
  for (let at = 0; at < columns.length; ) {
    const group = columns[at].group;
    let end = at + 1;
    while (group !== undefined && end < columns.length && columns[end].group === group) end += 1;
    const cell = element(group === undefined ? "td" : "th", group === undefined ? "" : "group", ...(group === undefined ? [] : [element("code", "", group)]));
    cell.setAttribute("role", group === undefined ? "cell" : "columnheader");
    if (group !== undefined) cell.setAttribute("aria-colspan", end - at);
    cell.style.gridColumn = `span ${end - at}`;
    row.append(cell);
    at = end;
  }
  return row;
}

function drawTable() {
  const columns = columnsOf(now.exercise);
  const rows = sorted(matching(), columns);
  const table = element("table", now.exercise === "all" ? "drawn" : "drawn dense");
  table.id = "learners";
  table.setAttribute("role", "table");
  table.style.setProperty("--columns", columns.map(({ width }) => (width ? `minmax(${width}rem, ${width}fr)` : "minmax(var(--first), 14fr)")).join(" "));
  table.style.setProperty("--least", `${columns.reduce((sum, { width }) => sum + width, 0)}rem`);
  const head = element("thead");
  const heads = element("tr", "", ...columns.map(headCell));
  heads.setAttribute("role", "row");
  if (columns.some((one) => one.group)) head.append(groupRow(columns));
  head.append(heads);
  const body = element("tbody");
  for (const part of [head, body]) part.setAttribute("role", "rowgroup");
  table.append(head, body);
  document.getElementById("learners")?.remove();
  document.getElementById("heat").append(table);
  drawRows(body, rows, columns);
  const column = columns.find((one) => one.id === now.sort.replace(/^-/, ""));
  const order = column ? ` Sorted by ${column.title}, ${now.sort.startsWith("-") ? "descending" : "ascending"}.` : "";
  const whole = data.rows.length.toLocaleString("en");
  document.getElementById("found").textContent = `${rows.length === data.rows.length ? whole : `${rows.length.toLocaleString("en")} of ${whole}`} ${data.rows.length === 1 ? "learner" : "learners"}.${order}`;
}

// ---- The filters ----------------------------------------------------------------------------------------------------

function fill(name, options) {
  const select = field(name);
  select.replaceChildren(select.options[0], ...options);
  select.closest("p").hidden = options.length === 0 || (name === "section" && !hasSections);
}

function option(value, words) {
  const made = element("option", "", words);
  made.value = value;
  return made;
}

function fillFilters() {
  const shown = data.exercises.map((exercise, at) => [exercise, at]).filter(([exercise]) => now.exercise === "all" || exercise.key === now.exercise);
  const counts = data.states.map((_, state) => data.rows.filter((row) => shown.some(([, at]) => row[CELLS][at][STATES]?.includes(state))).length);
  fill("section", sections.filter(Boolean).map((one) => option(one, one)));
  fill("state", data.states.flatMap(([name, words], state) => (counts[state] ? [option(name, `${words} (${counts[state]})`)] : [])));
  for (const name of ["criterion", "misconception"]) {
    const key = name === "criterion" ? "criteria" : "misconceptions";
    const groups = shown.map(([exercise]) => {
      const options = exercise[key].map(([id, title]) => option(now.exercise === "all" ? `${exercise.key}/${id}` : id, title));
      if (shown.length === 1) return options;
      const group = element("optgroup", "", ...options);
      group.label = exercise.title;
      return options.length ? [group] : [];
    });
    fill(name, groups.flat());
  }
}

function chosen(name) {
  const value = field(name).value;
  const [exercise, id] = value.includes("/") && name !== "section" ? value.split("/") : [now.exercise, value];
  change({ exercise, [name]: id });
}

function show(wanted) {
  const isOther = wanted.exercise !== now.exercise;
  now = wanted;
  if (isOther) fillFilters();
  for (const name of FILTERS) {
    const input = field(name);
    if (input.value !== now[name]) input.value = now[name];
    if (name !== "q" && input.selectedIndex < 0) { input.selectedIndex = 0; now[name] = ""; }
    input.classList.toggle("set", Boolean(now[name]));
  }
  document.getElementById("clear").hidden = !FILTERS.some((name) => now[name]);
  for (const panel of document.querySelectorAll("[data-panel]")) {
    panel.classList.toggle("shown", panel.dataset.panel === now.exercise);
    panel.hidden = panel.dataset.panel !== now.exercise;
  }
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === now.exercise) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    link.hash = `exercise=${link.dataset.view}${["q", "section", "state"].filter((name) => now[name]).map((name) => `&${name}=${encodeURIComponent(now[name])}`).join("")}`;
  }
  drawTable();
}

const form = document.getElementById("filters");
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  change(Object.fromEntries(FILTERS.map((name) => [name, ""])));
  field("q").focus();
});
field("q").addEventListener("input", () => change({ q: field("q").value }));
for (const name of FILTERS.slice(1)) field(name).addEventListener("change", () => chosen(name));
addEventListener("hashchange", () => show(read()));
narrow.addEventListener("change", () => drawTable());
addEventListener("beforeprint", () => pending());
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-panel] a[href*='criterion='], [data-panel] a[href*='misconception=']");
  if (link) setTimeout(() => document.getElementById("everybody").scrollIntoView());
});
form.hidden = false;
document.querySelector(".status").hidden = false;
show(read());
