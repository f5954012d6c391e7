import { html, type Markup } from "../../../../support";
import type { DashboardData } from "../data/dashboard-data";
import type { MachineShown } from "../data/machines";
import { counted, moment, shortDigest } from "./words";

/** What runs at this moment, and on what. */
export function nowSection(data: DashboardData): Markup {
  const { serving, machines, environment } = data;
  const { tone, words } = verdict(data);
  return html`<section id="now" class="now ${tone}" aria-labelledby="now-title" data-live>
    <div class="lead">
      <h2 id="now-title">
        <span class="eyebrow">${environment} runs</span>
        ${serving ? html`<span class="version">${serving.image.version}</span>` : "nothing yet"}
      </h2>
      <p class="verdict ${tone}"><span class="sign" aria-hidden="true"></span>${words}</p>
    </div>
    <div class="detail">
      ${
        serving
          ? html`<dl class="facts">
              ${fact("Release", html`#${serving.number}`)}
              ${fact("Since", moment(serving.finishedAt ?? serving.startedAt))}
              ${fact("Image", html`<code>${shortDigest(serving.image.digest)}</code>`)}
              ${fact("Schema", serving.schema.after ?? "none")}
            </dl>`
          : html`<p class="quiet">The journal is empty: nothing was released into this database yet.</p>`
      }
      ${machines.length > 0 ? machineList(machines) : false}
      ${data.overrides.map(
        ({ what, count, reason, expires }) =>
          html`<p class="by-hand">
            Set by hand:
            ${what}${count === undefined ? false : ` to ${count}`}${reason && ` (${reason})`}${
              expires ? html`, until ${moment(expires)}` : false
            }
          </p>`,
      )}
    </div>
  </section>`;
}

function fact(name: string, value: Markup | string): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function machineList(machines: readonly MachineShown[]): Markup {
  return html`<ul class="machines" aria-label="Machines">
    ${machines.map(
      ({ id, region, healthy, version, why }) =>
        html`<li class="${healthy === null ? "unknown" : healthy ? "good" : "bad"}">
          <span class="sign" aria-hidden="true"></span>
          <code>${id}</code>
          <span
            >${healthy === null ? "answers" : healthy ? "healthy" : `unhealthy${why ? `: ${why}` : ""}`}</span
          >
          <span class="quiet">${[region, version].filter((part) => part !== null).join(" · ")}</span>
        </li>`,
    )}
  </ul>`;
}

function verdict({ alerts, machines, maintenance, releases, serving }: DashboardData): {
  tone: "good" | "warn" | "bad";
  words: string;
} {
  const critical = alerts.open.filter(({ level }) => level === "critical").length;
  const sick = machines.filter(({ healthy }) => healthy === false).length;
  const newest = releases.lines[0]?.release;
  if (critical > 0) return { tone: "bad", words: `${counted(critical, "critical alert")}: see below.` };
  if (sick > 0) return { tone: "bad", words: `${counted(sick, "machine")} unhealthy.` };
  if (maintenance?.state === "on") return { tone: "warn", words: "Maintenance goes on." };
  if (newest?.state === "running") return { tone: "warn", words: `Release #${newest.number} is on its way.` };
  if (alerts.open.length > 0)
    return { tone: "warn", words: `${counted(alerts.open.length, "warning")}: see below.` };
  if (!serving) return { tone: "warn", words: "No release has ended well so far." };
  return { tone: "good", words: "All is well: no alert is open." };
}
