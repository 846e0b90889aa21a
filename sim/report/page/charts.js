"use strict";
// Draws a chart of the package where it can be pointed at and steered, and saves its data. Reports and the page of
// `sim explore` share it.
const Charts = (() => {
  const views = new Map();

  function save(name, text, type = "text/csv") {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // What is shown, for those who do not see it: the choices of the controls, in words.
  function tell(said, form) {
    const chosen = [...form.querySelectorAll("select, input[type=range], input[type=radio]:checked")];
    said.textContent = `Shown: ${chosen.map((item) => item.selectedOptions?.[0].text ?? item.value).join(", ")}.`;
  }

  function rows({ keys, rows }) {
    return rows.map((row) => Object.fromEntries(keys.map((key, place) => [key, row[place]])));
  }

  function fits({ options, min, max }, value) {
    return options ? options.includes(value) : value >= min && value <= max;
  }

  // What was chosen of a chart that is drawn anew stays chosen, where it can.
  function kept(key, spec) {
    const before = views.get(key);
    if (!before || !spec.params) return spec;
    const params = spec.params.map((param) => {
      const value = param.bind ? before.signal(param.name) : undefined;
      return value !== undefined && fits(param.bind, value) ? { ...param, value } : param;
    });
    return { ...spec, params };
  }

  async function draw({ key, spec, datasets }, root = document) {
    const place = root.querySelector(`#${key}-chart`);
    const form = root.querySelector(`#${key}-controls`);
    const drawn = document.createElement("div");
    const actions = { export: true, source: false, compiled: false, editor: false };
    const options = { renderer: "svg", ast: true, actions, downloadFileName: key };
    if (form) options.bind = form;
    const held = Object.fromEntries(Object.entries(datasets).map(([name, table]) => [name, rows(table)]));
    const { view } = await vegaEmbed(drawn, { ...kept(key, spec), datasets: held }, options);
    views.get(key)?.finalize();
    views.set(key, view);
    place.replaceChildren(drawn);
    if (form) {
      const said = root.querySelector(`#${key}-said`);
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", () => tell(said, form));
      tell(said, form);
    }
    place.dataset.drawn = "yes";
  }

  function offerData(charts, root = document) {
    for (const button of root.querySelectorAll("button.save")) {
      const { key, csv } = charts.find((chart) => chart.key === button.dataset.chart);
      button.addEventListener("click", () => save(`${key}.csv`, csv));
    }
  }

  return { draw, offerData, save, views: () => [...views.values()] };
})();
