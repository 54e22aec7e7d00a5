// Appends the longest time for which the event loop was blocked to the file in IMAGEWRIGHT_DELAYS, ten times a second.
const { appendFileSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");

exports.activate = ({ subscriptions }) => {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const timer = setInterval(() => {
    appendFileSync(process.env["IMAGEWRIGHT_DELAYS"], `${Date.now()} ${(delay.max / 1e6).toFixed(1)}\n`);
    delay.reset();
  }, 100);
  subscriptions.push({ dispose: () => clearInterval(timer) });
};
