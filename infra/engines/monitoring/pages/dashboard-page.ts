import { html, type Markup } from "../../../support";
import type { DashboardData } from "./data/dashboard-data";
import { alertsSection } from "./sections/alerts";
import { backupsSection } from "./sections/backups";
import { chartsSection } from "./sections/charts";
import { figuresSection } from "./sections/figures";
import { migrationsSection } from "./sections/migration-list";
import { nowSection } from "./sections/now";
import { releasesSection } from "./sections/releases";
import { maintenanceNotice } from "./sections/maintenance";

const assets = "/deployments/assets";
const scripts = ["dashboard.js", "charts.js", "drawing.js", "live.js", "resolve.js", "times.js"];

/** The whole dashboard; each part that is marked as live is exchanged by the script when it has changed. */
export function dashboardPage(
  data: DashboardData,
  shown: { revision: string; edition: string; mayResolve: boolean },
): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Deployments · ${data.environment}</title>
        <link rel="icon" href="${assets}/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets}/dashboard.css" />
        <script src="${assets}/theme.js"></script>
        ${scripts.slice(1).map((name) => html`<link rel="modulepreload" href="${assets}/${name}" fetchpriority="low" />`)}
        <script type="module" src="${assets}/dashboard.js" fetchpriority="low"></script>
      </head>
      <body data-revision="${shown.revision}">
        <a class="skip" href="#main">To the content</a>
        <header>
          <p class="brand"><img src="${assets}/icon.svg" alt="" width="30" height="30" /> D&amp;D Tracker</p>
          <h1>Deployments</h1>
          <p class="connection" id="connection" role="status">as loaded</p>
          <nav aria-label="Elsewhere"><a href="/status">Status page</a></nav>
          <button type="button" id="theme" hidden>Dark</button>
        </header>
        <main id="main" tabindex="-1">
          ${maintenanceNotice(data.maintenance)} ${nowSection(data)}
          ${alertsSection(data.alerts, data.incidents, shown.mayResolve)}
          ${figuresSection(data.summary, data.dora)} ${chartsSection(data)}
          <div class="columns">
            ${releasesSection(data.releases)}
            <div class="side">${backupsSection(data.backups)} ${migrationsSection(data.migrations)}</div>
          </div>
          <noscript><p class="quiet">Charts and live changes need this page's script.</p></noscript>
        </main>
        <footer>Edition ${shown.edition} · <a href="/deployments/data.json">this page as JSON</a></footer>
        <p id="told" class="unseen" role="status"></p>
        ${shown.mayResolve && tokenDialog()}
      </body>
    </html>`;
}

function tokenDialog(): Markup {
  return html`<dialog id="token-dialog" aria-labelledby="token-title">
    <form method="dialog">
      <h2 id="token-title">Resolve an alert</h2>
      <p>The monitoring token is needed once; it is kept until this tab is closed.</p>
      <label for="token">Token</label>
      <input id="token" type="password" autocomplete="off" required />
      <p id="token-problem" class="error" role="alert"></p>
      <div class="actions">
        <button type="submit" class="main">Resolve</button>
        <button type="button" id="token-cancel">Not now</button>
      </div>
    </form>
  </dialog>`;
}
