"use strict";
// Makes the charts of the page answer to pointers and to their controls. Without it the page shows them as they
// stand.
(() => {
  const { charts } = JSON.parse(document.getElementById("report-data").textContent);
  Charts.offerData(charts);
  // Printed paper cannot be pointed at: the tables beneath the charts are printed with them.
  const tables = [...document.querySelectorAll("details.data")];
  addEventListener("beforeprint", () => tables.forEach((item) => {
    item.dataset.shut = item.open ? "" : "yes";
    item.open = true;
  }));
  addEventListener("afterprint", () => tables.forEach((item) => {
    item.open = !item.dataset.shut;
  }));

  Promise.allSettled(charts.map((chart) => Charts.draw(chart))).then((done) => {
    const failed = done.filter(({ status }) => status === "rejected");
    document.documentElement.dataset.charts = failed.length ? `failed: ${failed[0].reason}` : "drawn";
  });
})();
