"use strict";
// Plays one run: the server tells it whole, and the page goes through its months.
(() => {
  const { byId, say, send } = Live;
  const asked = fromAddress();
  let run;
  let month = 0;
  let timer;

  // What was moved on the page that compares comes in the address; the server checks it like all else.
  function fromAddress() {
    try {
      return JSON.parse(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return undefined;
    }
  }

  function ask() {
    const key = byId("which").value;
    const moved = asked?.scenarios?.includes(key);
    byId("moved").hidden = !moved;
    say("Makes the run.");
    pause();
    const replicate = byId("form").elements.replicate.value;
    send({ ask: "play", ...(moved ? asked : { scenarios: [key] }), key, replicate });
  }

  // -- months

  function charts(name, value) {
    for (const view of Charts.views()) if (hasSignal(view, name)) view.signal(name, value).run();
  }

  function hasSignal(view, name) {
    try {
      view.signal(name);
      return true;
    } catch {
      return false;
    }
  }

  function go(to) {
    month = Math.max(0, Math.min(run.months.length - 1, to));
    byId("month").value = month;
    byId("month").setAttribute("aria-valuetext", run.months[month]);
    byId("now").textContent = run.months[month];
    charts("month_now", month);
    ledger();
    if (month === run.months.length - 1) pause();
  }

  // The latest month first; the months in which nothing happens are left out.
  function ledger() {
    const items = [];
    for (let place = month; place >= 0; place -= 1) {
      if (!run.ledger[place].length) continue;
      const item = document.createElement("li");
      const when = document.createElement("strong");
      when.textContent = run.months[place];
      item.append(when);
      for (const sentence of run.ledger[place]) {
        const line = document.createElement("p");
        line.textContent = sentence;
        item.append(line);
      }
      item.classList.toggle("now", place === month);
      items.push(item);
    }
    byId("ledger").replaceChildren(...items);
    byId("ledger").scrollTop = 0;
  }

  function pause() {
    clearInterval(timer);
    timer = undefined;
    byId("start").textContent = "Play";
  }

  function start() {
    if (month === run.months.length - 1) go(0);
    timer = setInterval(() => go(month + 1), 1000 / Number(byId("speed").value));
    byId("start").textContent = "Pause";
  }

  function nextEvent() {
    const found = run.ledger.findIndex((lines, place) => place > month && lines.length);
    go(found < 0 ? run.months.length - 1 : found);
  }

  // -- a state

  function why(state, fall) {
    byId("state").value = state;
    charts("state_now", state);
    send({ ask: "why", state, ...(fall ? { fall } : {}) });
  }

  async function show(told) {
    run = told;
    const nodes = await Live.drawn(told.html, told.charts);
    byId("charts").replaceChildren(...nodes);
    byId("main").hidden = false;
    byId("month").max = told.months.length - 1;
    byId("state").replaceChildren(...told.states.map(([code, name, falls]) => {
      const fell = falls ? ` (fell ${falls === 1 ? "once" : `${falls} times`})` : "";
      return new Option(name + fell, code);
    }));
    for (const view of Charts.views()) {
      view.addEventListener("click", (event, item) => {
        const code = item?.datum?.properties?.code;
        if (run.states.some(([state]) => state === code)) why(code);
      });
    }
    go(0);
    why(told.state);
    say(`${told.title}.`);
    byId("main").dataset.run = told.title;
  }

  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  byId("which").addEventListener("change", ask);
  byId("month").addEventListener("input", ({ target }) => {
    pause();
    go(Number(target.value));
  });
  byId("start").addEventListener("click", () => (timer ? pause() : start()));
  byId("speed").addEventListener("change", () => {
    if (!timer) return;
    pause();
    start();
  });
  for (const [id, act] of Object.entries({
    first: () => go(0), before: () => go(month - 1), after: () => go(month + 1), event: nextEvent,
  })) {
    byId(id).addEventListener("click", () => {
      pause();
      act();
    });
  }
  byId("state").addEventListener("change", ({ target }) => why(target.value));
  byId("why").addEventListener("click", ({ target }) => {
    if (target.matches(".fall")) why(byId("state").value, Number(target.dataset.fall));
  });

  if (asked?.scenarios?.includes(asked.key)) byId("which").value = asked.key;
  Live.open({
    played: show,
    why: ({ html }) => { byId("why").innerHTML = html; }, // the server's own, with every text escaped
    error: (text) => say("Not shown.", text),
  }, () => {
    byId("run").disabled = false;
    ask();
  });
})();
