import { drawCharts } from "./charts.js";
import { listen, refresh } from "./live.js";
import { letResolve, showButtons } from "./resolve.js";
import { tellTimes } from "./times.js";

function settle() {
  tellTimes();
  showButtons();
}

let running;
let again = false;

/** One bringing up to date at a time; what comes meanwhile is one more. */
function update() {
  again = Boolean(running);
  running ??= (async () => {
    do {
      again = false;
      await Promise.all([refresh(), drawCharts()]).catch(() => undefined);
      settle();
    } while (again);
    running = undefined;
  })();
  return running;
}

settle();
letResolve(update);
listen(update);
drawCharts().catch(() => undefined);
setInterval(tellTimes, 30_000);
setInterval(() => {
  if (!document.hidden) update();
}, 60_000);
