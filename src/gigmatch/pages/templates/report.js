"use strict";
// The map: whatever is nearest to the pointer, the finger or, by arrow keys, next in order tells its name.
(() => {
  const map = document.querySelector(".map > svg"), tip = document.querySelector(".tip");
  if (!map) { return; }
  const marks = [".dot.open", ".mark", ".dot:not(.open)", ".flow"].flatMap((kind) => [...map.querySelectorAll(kind)]);
  const names = new Map(marks.map((mark) => [mark, mark.querySelector("title").textContent]));
  for (const mark of marks) { mark.querySelector("title").remove(); }  // else the browser tells it as well
  const near = 18;
  let named = null;
  const middle = (mark) => {
    const box = mark.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  function tell(mark, x, y) {
    if (named) { named.classList.remove("named"); }
    named = mark;
    tip.hidden = !mark;
    if (!mark) { return; }
    mark.classList.add("named");
    tip.textContent = names.get(mark);
    const frame = map.parentElement.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const left = Math.min(Math.max(x - frame.left - own.width / 2, 0), frame.width - own.width);
    const above = y - frame.top - own.height - 14;
    tip.style.left = `${left}px`;
    tip.style.top = `${above < 0 ? y - frame.top + 18 : above}px`;
  }
  function at(event) {
    let best = event.target.closest(".flow"), least = near;
    for (const mark of marks) {
      if (mark.classList.contains("flow")) { continue; }
      const [x, y] = middle(mark), far = Math.hypot(x - event.clientX, y - event.clientY);
      if (far < least) { [best, least] = [mark, far]; }
    }
    tell(best, event.clientX, event.clientY);
  }
  map.addEventListener("pointermove", at);
  map.addEventListener("pointerdown", at);
  map.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") { tell(null); } });
  map.addEventListener("blur", () => tell(null));
  map.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { tell(null); }
    if (!step || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    const mark = marks[(marks.indexOf(named) + step + marks.length) % marks.length];
    tell(mark, ...middle(mark));
  });
  map.tabIndex = 0;
  document.getElementById("hint").hidden = false;
})();

// Tables of everything: searched by words, chosen by what stands in a column, sorted by a press on its head.
for (const listed of document.querySelectorAll(".listed")) {
  const heads = [...listed.querySelectorAll("th")], body = listed.querySelector("tbody");
  const rows = [...body.rows].filter((row) => row.cells.length === heads.length);
  if (!rows.length) { continue; }
  const tools = listed.querySelector(".tools"), search = tools.querySelector("input"), count = tools.querySelector("output");
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new Map(rows.map((row) => [row, plain(row.textContent.replaceAll("\n", " "))]));
  const choices = heads.flatMap((head, at) => ("choice" in head.dataset ? [choice(head.textContent, at)] : []));

  function choice(name, at) {
    const label = document.createElement("label"), select = document.createElement("select");
    const values = [...new Set(rows.map((row) => row.cells[at].textContent))].sort(order.compare);
    select.append(new Option(listed.dataset.all, ""), ...values.map((value) => new Option(value)));
    label.append(`${name} `, select);
    count.before(label);
    select.addEventListener("change", show);
    return { at, select };
  }
  function show() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = words.every((word) => texts.get(row).includes(word))
        && choices.every(({ at, select }) => !select.selectedIndex || row.cells[at].textContent === select.value);
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = listed.dataset.count.replace("%n", shown).replace("%a", rows.length);
  }
  const figure = (cell) => {
    const clock = cell.textContent.match(/^(\d+):(\d+)$/);
    if (clock) { return 60 * clock[1] + Number(clock[2]); }
    const value = parseFloat(cell.dataset.minute ?? cell.textContent.replaceAll(",", ""));
    return Number.isNaN(value) ? Infinity : value;
  };
  function sort(head, at) {
    const down = head.getAttribute("aria-sort") === "ascending", sign = down ? -1 : 1;
    const isNumber = head.classList.contains("n") || "time" in head.dataset;
    const compare = isNumber ? (a, b) => (figure(a) < figure(b) ? -1 : Number(figure(a) > figure(b)))
      : (a, b) => order.compare(a.textContent, b.textContent);
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort((a, b) => sign * compare(a.cells[at], b.cells[at]));
    body.append(...rows);
  }
  heads.forEach((head, at) => {
    const button = document.createElement("span");  // on paper, heads with a <button> in them are not repeated
    button.role = "button";
    button.tabIndex = 0;
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head, at));
    button.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(head, at); }
    });
    head.replaceChildren(button);
  });
  search.addEventListener("input", show);
  tools.hidden = false;
  show();
}
