// A run under way, on any page that shows one: asks the API for its numbers, puts them in, and reloads the page once when it has
// begun or ended. Without this file the page refreshes itself (`<meta http-equiv="refresh">` in `noscript`).
//
// <div data-live-run="12" data-state="running"> … <span data-live="received">0</span> <progress> … </div>
"use strict";

(() => {
  const EVERY = 1000;
  const LATE = 15000;
  const UNDER_WAY = ["queued", "running"];
  const language = document.documentElement.lang || undefined;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const time = (seconds) => {
    const [unit, value] = seconds < 90 ? ["second", seconds] : seconds < 5400 ? ["minute", seconds / 60] : ["hour", seconds / 3600];
    return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 0 }).format(value);
  };

  // The server's own clock tells how long it has been going on: this machine's may be another.
  const figures = (run, date) => {
    const seconds = run.started ? (new Date(date) - new Date(run.started)) / 1000 : 0;
    const rate = run.state === "running" && seconds > 1 ? run.received / seconds : 0;
    const left = rate && run.total >= run.received ? (run.total - run.received) / rate : null;
    return { ...run, rate: rate || null, left };
  };

  document.querySelectorAll("[data-live-run]").forEach((place) => {
    let wait = EVERY;

    const show = (run) => {
      place.querySelectorAll("[data-live]").forEach((one) => {
        const name = one.dataset.live;
        const value = run[name];
        if (typeof value === "number") one.textContent = name === "left" ? time(value) : number.format(value);
        if (name === "rate" || name === "left") one.parentElement.hidden = value === null;
      });
      place.querySelectorAll("progress").forEach((bar) => {
        if (!run.total) return;
        bar.max = run.total;
        bar.value = Math.min(run.received, run.total);
      });
    };

    const look = async () => {
      try {
        const answer = await fetch(`/api/v1/runs/${place.dataset.liveRun}`, { headers: { Accept: "application/json" }, cache: "no-cache" });
        if (answer.ok) {
          const run = await answer.json();
          if (run.state !== place.dataset.state || Boolean(run.total) !== place.hasAttribute("data-total")) {
            location.reload();
            return;
          }
          if (!UNDER_WAY.includes(run.state)) return;
          show(figures(run, answer.headers.get("Date")));
          wait = EVERY;
        }
      } catch {
        wait = Math.min(LATE, wait * 2);
      }
      setTimeout(look, document.hidden ? LATE : wait);
    };
    setTimeout(look, EVERY);
  });
})();
