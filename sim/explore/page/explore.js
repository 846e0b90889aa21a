"use strict";
// The page: sends what is chosen to the server over one connection, and shows what comes back. Whatever is refused
// is refused by the server.
(() => {
  const { byId, say, send } = Live;
  const form = byId("form");
  const results = byId("results");
  const changes = {}; // by scenario, then by path
  const more = {}; // by scenario
  let drawing = Promise.resolve();

  const chosen = () => [...form.querySelectorAll("input[name=scenario]:checked")].map((item) => item.value);

  function whole() {
    const scenarios = chosen();
    const held = Object.fromEntries(["runs", "years", "citizens", "seed"].map((name) => [name, form.elements[name].value]));
    const of = (kept) => Object.fromEntries(scenarios.filter((key) => kept[key]).map((key) => [key, kept[key]]));
    return {
      scenarios, changes: of(changes), more: of(more), beside: form.elements.beside.checked,
      baseline: byId("baseline").value, ...held,
    };
  }

  function setRunning(now) {
    byId("stop").disabled = !now;
    byId("progress").hidden = !now;
    results.setAttribute("aria-busy", String(now));
  }

  function options(select, values, wanted, told = (value) => value) {
    select.replaceChildren(...values.map((value) => new Option(told(value), value, false, value === wanted)));
  }

  const asItIs = (key) => (key === "baseline" ? "baseline, the shared world" : `${key}, as it is in its file`);

  // -- scenarios, and the numbers in which they differ

  function ask() {
    const scenarios = chosen();
    const select = byId("baseline");
    const before = select.value;
    const usual = scenarios.includes("baseline") ? "baseline" : scenarios[0];
    options(select, scenarios, scenarios.includes(before) ? before : usual, asItIs);
    const others = scenarios.filter((key) => key !== "baseline");
    options(byId("which"), scenarios, others.find((key) => key !== select.value) ?? others[0] ?? scenarios[0]);
    byId("run").disabled = !scenarios.length;
    byId("save").disabled = !scenarios.length;
    byId("play").disabled = !scenarios.length;
    if (scenarios.length) send({ ask: "numbers", scenarios, baseline: select.value });
    else byId("numbers").replaceChildren();
  }

  function mark(number, text) {
    number.classList.toggle("moved", text !== "");
    number.querySelector(".back").disabled = text === "";
    number.querySelector(".value").value = text;
    const at = Number(text);
    const range = number.querySelector("input[type=range]");
    range.value = text.trim() === "" || Number.isNaN(at) ? range.defaultValue : at;
    range.setAttribute("aria-valuetext", text === "" ? "drawn from its prior" : text);
  }

  function move(number, text) {
    const scenario = number.closest(".scenario");
    const kept = (changes[scenario.dataset.scenario] ??= {});
    if (text.trim() === "") delete kept[number.dataset.path];
    else kept[number.dataset.path] = text;
    count(scenario);
  }

  function count(scenario) {
    const key = scenario.dataset.scenario;
    const moved = Object.keys(changes[key] ?? {}).length;
    scenario.querySelector(".count").textContent = moved ? `, ${moved} moved` : "";
    return moved + (more[key] ?? "").trim().length;
  }

  // What is moved and has no slider any more stays in force, so it is listed.
  function showKept(scenario) {
    const shown = [...scenario.querySelectorAll(".number")].map((item) => item.dataset.path);
    const kept = Object.entries(changes[scenario.dataset.scenario] ?? {}).filter(([path]) => !shown.includes(path));
    const place = scenario.querySelector(".kept");
    place.hidden = !kept.length;
    place.querySelector("ul").replaceChildren(...kept.map(([path, text]) => {
      const item = document.createElement("li");
      item.dataset.path = path;
      const told = document.createElement("code");
      told.textContent = `${path}=${text}`;
      const back = document.createElement("button");
      Object.assign(back, { type: "button", className: "back", textContent: "Undo" });
      back.setAttribute("aria-label", `Draw ${path} from its prior again`);
      item.append(told, " ", back);
      return item;
    }));
  }

  function showNumbers(html) {
    const place = byId("numbers");
    place.innerHTML = html; // the server's own, with every text escaped
    for (const scenario of place.querySelectorAll(".scenario")) {
      const key = scenario.dataset.scenario;
      scenario.querySelector(".more").value = more[key] ?? "";
      for (const number of scenario.querySelectorAll(".number")) mark(number, changes[key]?.[number.dataset.path] ?? "");
      showKept(scenario);
      if (count(scenario)) scenario.open = true; // nothing is in force out of sight
    }
  }

  byId("numbers").addEventListener("input", ({ target }) => {
    const number = target.closest(".number");
    if (target.matches(".more")) more[target.closest(".scenario").dataset.scenario] = target.value;
    if (!number) return;
    move(number, target.value);
    if (target.type === "range") mark(number, target.value);
    else {
      const held = target.value;
      mark(number, held.trim() === "" ? "" : held);
      target.value = held;
    }
  });
  byId("numbers").addEventListener("click", ({ target }) => {
    if (!target.matches(".back")) return;
    const number = target.closest(".number");
    if (!number) {
      const scenario = target.closest(".scenario");
      move(target.closest("li"), "");
      showKept(scenario);
      (scenario.querySelector(".kept .back") ?? scenario.querySelector("summary")).focus();
      return;
    }
    move(number, "");
    mark(number, "");
    number.querySelector("input[type=range]").focus();
  });

  // -- results

  // The place of the keyboard, and what is unfolded, outlive new results.
  function place(root) {
    const active = document.activeElement;
    const within = root.contains(active) ? active.closest("[id]") : null;
    const same = within && [...within.querySelectorAll(active.tagName)].indexOf(active);
    const open = [...root.querySelectorAll("section")].filter((item) => item.querySelector("details.data[open]"));
    return { id: within?.id, tag: active.tagName, same, open: open.map((item) => item.id) };
  }

  function restore(root, { id, tag, same, open }) {
    for (const name of open) root.querySelector(`#${CSS.escape(name)} details.data`)?.setAttribute("open", "");
    const within = id && byId(id);
    if (within) (same >= 0 ? within.querySelectorAll(tag)[same] : within)?.focus({ preventScroll: true });
  }

  async function show({ html, charts }) {
    const nodes = await Live.drawn(html, charts);
    const before = place(results);
    results.replaceChildren(...nodes);
    restore(results, before);
  }

  // -- the connection

  const answers = {
    numbers: showNumbers,
    begun: ({ notes }) => {
      say(["Runs begin.", ...notes.map((note) => `Note: ${note}.`)].join(" "));
      setRunning(true);
    },
    progress: ({ text, done, total }) => {
      byId("status").textContent = text;
      if (total) byId("progress").value = done / total;
    },
    shown: (said, { runs, of }) => {
      byId("report").disabled = false;
      drawing = drawing.then(() => show(said)).then(() => { results.dataset.runs = `${runs} of ${of}`; });
    },
    ended: (text) => {
      setRunning(false);
      byId("status").textContent = text;
    },
    file: ({ name, text, type }) => {
      Charts.save(name, text, type);
      say(`Saved: ${name}.`);
    },
    error: (text) => say("Not done.", text),
  };

  form.addEventListener("change", ({ target }) => {
    if (target.name === "scenario" || target.id === "baseline") ask();
    if (target.id === "baseline" && results.dataset.runs) {
      say(`Press Run to compare with ${target.value}. Finished runs are used again.`);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say("Asks.");
    byId("progress").value = 0;
    send({ ask: "run", ...whole() });
  });
  byId("stop").addEventListener("click", () => send({ ask: "stop" }));
  byId("save").addEventListener("click", () => {
    say("");
    send({ ask: "save", key: byId("which").value, ...whole() });
  });
  byId("report").addEventListener("click", () => {
    say("Writes the report.");
    send({ ask: "report" });
  });
  // Another page, so that the runs of this one stay; what is moved here is moved there.
  byId("play").addEventListener("click", () => {
    const asked = encodeURIComponent(JSON.stringify({ ...whole(), key: byId("which").value }));
    open(`/play#${asked}`, "_blank", "noopener");
  });
  Live.open(answers, ask);
})();
