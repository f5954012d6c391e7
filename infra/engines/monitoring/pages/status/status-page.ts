import { html, type Markup } from "../../../../support";
import { counted, dateText, moment } from "../sections/words";
import { maintenanceNotice } from "../sections/maintenance";
import { daysStrip } from "./days-strip";
import { daysTold, type Disruption, type Past, type Status } from "./status-data";

const assets = "/deployments/assets";

const told: Record<Status["state"], { title: string; words: string }> = {
  good: { title: "The tracker works", words: "Everything is as it should be." },
  slow: {
    title: "The tracker works, but not well",
    words: "Some pages may be slow or fail. We know, and are at work on it.",
  },
  down: {
    title: "The tracker does not work at the moment",
    words: "We know, and are at work on it. Nothing that you have saved is lost.",
  },
  maintenance: {
    title: "The tracker is being worked on",
    words: "It is closed until we are done. Nothing that you have saved is lost.",
  },
};

const unsure = {
  title: "We cannot tell how the tracker is",
  words: "Our own records cannot be read at the moment. Please look again in a minute.",
};

/** The state of the tracker in plain words, for the people who use it; null where it cannot be read. */
export function statusPage(status: Status | null): Markup {
  const { title, words } = status ? told[status.state] : unsure;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · D&amp;D Tracker</title>
        <link rel="icon" href="${assets}/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets}/status.css" />
        <script src="${assets}/theme.js"></script>
        <script type="module" src="${assets}/status.js"></script>
      </head>
      <body class="status">
        <header>
          <p class="brand"><img src="${assets}/icon.svg" alt="" width="30" height="30" /> D&amp;D Tracker</p>
          <nav aria-label="Elsewhere"><a href="/">To the tracker</a></nav>
          <button type="button" id="theme" hidden>Dark</button>
        </header>
        <main>
          <section class="state ${status?.state ?? "slow"}">
            <span class="sign" aria-hidden="true"></span>
            <h1>${title}</h1>
            <p>${words}</p>
            ${status && html`<p class="quiet">As of ${moment(status.at)}.</p>`}
          </section>
          ${status && html`${maintenanceNotice(status.maintenance)} ${status.past && past(status.past)}`}
        </main>
        <footer>Load this page again to see how things are by then.</footer>
      </body>
    </html>`;
}

function past({ days, disruptions }: Past): Markup {
  const disturbed = days.filter(({ minutes }) => minutes > 0).length;
  return html`<section class="panel" aria-labelledby="days-title">
      <h2 id="days-title">The last ${daysTold} days</h2>
      ${daysStrip(days)}
      <p class="quiet">
        ${disturbed === 0 ? "No day with a disruption." : `A disruption on ${counted(disturbed, "day")}.`}
      </p>
    </section>
    <section class="panel" aria-labelledby="incidents-title">
      <h2 id="incidents-title">Disruptions</h2>
      ${
        disruptions.length === 0
          ? html`<p class="quiet">None in the last ${daysTold} days.</p>`
          : html`<ul class="disruptions">
              ${disruptions.map(disruption)}
            </ul>`
      }
    </section>`;
}

function disruption({ startedAt, endedAt }: Disruption): Markup {
  const minutes = endedAt && Math.max(1, Math.round((endedAt.getTime() - startedAt.getTime()) / 60_000));
  return html`<li class="${endedAt ? "over" : "lasts"}">
    <strong>${dateText(startedAt)}</strong>
    <span
      >${
        minutes === null
          ? html`Since ${moment(startedAt)}. We are at work on it.`
          : `Parts of the tracker did not work for ${lasted(minutes)}. It is over.`
      }</span
    >
  </li>`;
}

function lasted(minutes: number): string {
  if (minutes < 60) return counted(minutes, "minute");
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return rest === 0 ? counted(hours, "hour") : `${counted(hours, "hour")} and ${counted(rest, "minute")}`;
}
