"use strict";
// Lists of clips: filters by the values of a column, order by a column, players for what is shown.
(() => {
  const kStep = 50;

  const player = (link) => {
    const audio = document.createElement("audio");
    audio.controls = true;
    audio.preload = "none";
    audio.src = link.getAttribute("href");
    link.replaceWith(audio);
  };

  // Rows end with a line end, which is no part of their last cell.
  const text = (row, column) => row.cells[column].textContent.trimEnd();

  const setUp = (list) => {
    const body = list.querySelector("tbody");
    const heads = [...list.querySelectorAll("thead th")];
    const tools = list.querySelector(".tools");
    const more = list.querySelector(".more");
    let rows = [...body.rows];
    let shown = kStep;
    const filters = [];

    const told = document.createElement("p");
    told.className = "told faint";
    told.setAttribute("aria-live", "polite");

    const draw = () => {
      const fitting = rows.filter((row) =>
        filters.every(({ select, column }) => select.value === "" || text(row, column) === select.value.slice(1)));
      const visible = new Set(fitting.slice(0, shown));
      for (const row of rows) {
        row.hidden = !visible.has(row);
        if (row.hidden) continue;
        const link = row.querySelector("a");
        if (link) player(link);
      }
      told.textContent = visible.size === fitting.length
        ? `${fitting.length} of ${rows.length} clips`
        : `${visible.size} shown of ${fitting.length}, of ${rows.length} clips in all`;
      more.hidden = visible.size === fitting.length;
    };

    const restart = () => {
      shown = kStep;
      draw();
    };

    heads.forEach((head, column) => {
      if (head.hasAttribute("data-filter")) {
        const counts = new Map();
        for (const row of rows) {
          const value = text(row, column);
          counts.set(value, (counts.get(value) || 0) + 1);
        }
        const select = document.createElement("select");
        select.dataset.column = head.textContent;
        select.add(new Option("all", ""));
        // What stands for a value begins with a sign, so that an empty value is not "all".
        for (const value of [...counts.keys()].sort()) {
          select.add(new Option(`${value === "" ? "(none)" : value} (${counts.get(value)})`, "=" + value));
        }
        select.addEventListener("change", restart);
        const label = document.createElement("label");
        label.append(head.textContent, select);
        tools.append(label);
        filters.push({ select, column });
      }
      if (head.hasAttribute("data-sorts")) {
        head.classList.add("sorts");
        head.tabIndex = 0;
        let falling = false;
        const sort = () => {
          falling = !falling;
          const key = (row) => text(row, column);
          const compare = (a, b) => {
            const difference = parseFloat(key(a)) - parseFloat(key(b));
            return Number.isNaN(difference) ? (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) : difference;
          };
          rows.sort((a, b) => (falling ? compare(b, a) : compare(a, b)));
          body.append(...rows);
          restart();
        };
        head.addEventListener("click", sort);
        head.addEventListener("keydown", (event) => {
          if (event.key === "Enter") sort();
        });
      }
    });

    if (filters.length > 0) {
      const all = document.createElement("button");
      all.type = "button";
      all.textContent = "Show all";
      all.addEventListener("click", () => {
        for (const { select } of filters) select.value = "";
        restart();
      });
      tools.append(all);
    }
    tools.append(told);
    const next = document.createElement("button");
    next.type = "button";
    next.textContent = "Show more";
    next.addEventListener("click", () => {
      shown += kStep;
      draw();
    });
    more.append(next);
    draw();

    // Cells of the confusion matrix choose what is listed.
    return (values) => {
      filters.forEach(({ select }, i) => {
        select.value = i < values.length ? "=" + values[i].trimEnd() : "";
      });
      restart();
      list.scrollIntoView();
    };
  };

  for (const list of document.querySelectorAll(".clips")) {
    const choose = setUp(list);
    for (const button of document.querySelectorAll(`button[data-list="${list.id}"]`)) {
      button.addEventListener("click", () => choose([button.dataset.true, button.dataset.predicted]));
    }
  }
})();
