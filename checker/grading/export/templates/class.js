"use strict";
(function () {
  const table = document.getElementById("map");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const said = document.getElementById("said");
  const search = document.getElementById("search");

  function value(row, column) {
    return row.cells[column].dataset.v;
  }

  function compare(column, isText, sign) {
    return (one, other) => {
      const [a, b] = [value(one, column), value(other, column)];
      return sign * (isText ? a.localeCompare(b) : Number(a) - Number(b));
    };
  }

  table.querySelectorAll("th[data-column]").forEach((head) => {
    head.querySelector("button").addEventListener("click", () => {
      const isText = head.dataset.kind === "text";
      const first = isText ? "ascending" : "descending";
      const second = isText ? "descending" : "ascending";
      const order = head.getAttribute("aria-sort") === first ? second : first;
      table.querySelectorAll("th[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      rows.sort(compare(Number(head.dataset.column), isText, order === "ascending" ? 1 : -1));
      body.append(...rows);
      said.textContent = "Sorted by " + head.querySelector("button").textContent.trim() + ", " + order + ".";
    });
  });

  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row) => {
      row.hidden = !words.every((word) => row.dataset.find.includes(word));
      shown += row.hidden ? 0 : 1;
    });
    said.textContent = words.length ? shown + " of " + rows.length + " students" : "";
  });

  document.getElementById("tools").hidden = false;
})();
