"use strict";
// Makes the charts of the page answer to pointers and to their controls, and saves their data. Without it the
// page shows them as they stand.
(() => {
  const { charts } = JSON.parse(document.getElementById("report-data").textContent);

  function save(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = `${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // What is shown, for those who do not see it: the choices of the controls, in words.
  function tell(key, form) {
    const chosen = [...form.querySelectorAll("select, input[type=range], input[type=radio]:checked")];
    document.getElementById(`${key}-said`).textContent = `Shown: ${chosen.map((item) => item.value).join(", ")}.`;
  }

  function rows({ keys, rows }) {
    return rows.map((row) => Object.fromEntries(keys.map((key, place) => [key, row[place]])));
  }

  async function draw({ key, spec, datasets }) {
    const place = document.getElementById(`${key}-chart`);
    const form = document.getElementById(`${key}-controls`);
    const drawn = document.createElement("div");
    const actions = { export: true, source: false, compiled: false, editor: false };
    const options = { renderer: "svg", ast: true, actions, downloadFileName: key };
    if (form) options.bind = form;
    const held = Object.fromEntries(Object.entries(datasets).map(([name, table]) => [name, rows(table)]));
    await vegaEmbed(drawn, { ...spec, datasets: held }, options);
    place.replaceChildren(drawn);
    if (form) {
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", () => tell(key, form));
      tell(key, form);
    }
    place.dataset.drawn = "yes";
  }

  for (const button of document.querySelectorAll("button.save")) {
    const { csv } = charts.find(({ key }) => key === button.dataset.chart);
    button.addEventListener("click", () => save(button.dataset.chart, csv));
  }
  // Printed paper cannot be pointed at: the tables beneath the charts are printed with them.
  const tables = [...document.querySelectorAll("details.data")];
  addEventListener("beforeprint", () => tables.forEach((item) => {
    item.dataset.shut = item.open ? "" : "yes";
    item.open = true;
  }));
  addEventListener("afterprint", () => tables.forEach((item) => {
    item.open = !item.dataset.shut;
  }));

  Promise.allSettled(charts.map(draw)).then((done) => {
    const failed = done.filter(({ status }) => status === "rejected");
    document.documentElement.dataset.charts = failed.length ? `failed: ${failed[0].reason}` : "drawn";
  });
})();
