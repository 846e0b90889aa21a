"use strict";
// The connection of a page to its server: one message at a time, each an object whose keys say what it holds.
const Live = (() => {
  const byId = (id) => document.getElementById(id);
  let socket;

  function say(text, wrong = "") {
    if (text) byId("status").textContent = text;
    byId("error").textContent = wrong;
  }

  // The server is asked for something, in a message that it checks.
  const send = (message) => socket.send(JSON.stringify(message));

  function open(answers, ready) {
    socket = new WebSocket(`ws://${location.host}/live`);
    socket.addEventListener("open", () => {
      say("Ready.");
      document.documentElement.dataset.page = "ready";
      ready();
    });
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      for (const [key, held] of Object.entries(message)) answers[key]?.(held, message);
    });
    socket.addEventListener("close", () => {
      for (const button of document.querySelectorAll("form button")) button.disabled = true;
      say("Not connected.", "The server is gone, or too many pages are open. Start `sim explore` again, then reload this page.");
    });
  }

  // Charts are drawn apart, and then put in place all at once.
  async function drawn(html, charts) {
    const next = document.createElement("div");
    next.innerHTML = html; // the server's own, with every text escaped
    Charts.offerData(charts, next);
    const done = await Promise.allSettled(charts.map((chart) => Charts.draw(chart, next)));
    const failed = done.find(({ status }) => status === "rejected");
    if (failed) say("", `a chart cannot be drawn: ${failed.reason}`);
    return next.childNodes;
  }

  return { byId, drawn, open, say, send };
})();
