import { html, type Markup } from "../../../../support";
import type { Dora } from "../data/seams";
import type { Summary } from "../data/summary";
import { counted, percentText, secondsText, tidy } from "./words";

/** How deployments go, in numbers that a team sets itself targets for. */
export function figuresSection(summary: Summary, dora: Dora | null): Markup {
  const { days, ended, successPercent, meanSeconds, meanSecondsBefore } = summary;
  return html`<section id="figures" aria-labelledby="figures-title" data-live>
    <h2 id="figures-title">
      How releases go <span class="aside">the last ${days} days, ${counted(ended, "release")}</span>
    </h2>
    <dl class="figures">
      ${figure("Success", percentText(successPercent), "target: over 95 %", missed(successPercent, (is) => is < 95))}
      ${figure("Mean time", secondsText(meanSeconds), trend(meanSeconds, meanSecondsBefore), missed(meanSeconds, (is) => is > 300))}
      ${dora && doraFigures(dora)}
    </dl>
  </section>`;
}

function doraFigures(dora: Dora): Markup[] {
  return [
    figure("Deployments", unit(dora.deploymentsPerWeek, ""), "a week"),
    figure("Lead time", unit(dora.leadTimeHours, "h"), "from commit to people"),
    figure("Change failures", percentText(dora.changeFailurePercent), "of all releases"),
    figure("Recovery", unit(dora.recoveryMinutes, "min"), "after a failed one"),
    figure("Rework", percentText(dora.reworkPercent), "released to mend another"),
  ];
}

function figure(name: string, value: string, note: string, isMissed = false): Markup {
  return html`<div class="figure ${isMissed ? "missed" : ""}">
    <dt>${name}</dt>
    <dd><strong>${value}</strong> <span class="quiet">${note}</span></dd>
  </div>`;
}

function missed(value: number | null, misses: (value: number) => boolean): boolean {
  return value !== null && misses(value);
}

function unit(value: number | null, name: string): string {
  return value === null ? "–" : `${tidy(value)} ${name}`.trim();
}

function trend(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return "target: under 5 min";
  const change = Math.round((now / before - 1) * 100);
  return change === 0 ? "as before" : `${Math.abs(change)} % ${change < 0 ? "faster" : "slower"} than before`;
}
