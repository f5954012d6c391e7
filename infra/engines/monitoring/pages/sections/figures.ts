import { html, type Markup } from "../../../../support";
import type { DoraFigures } from "../../dora";
import type { Summary } from "../data/summary";
import { counted, percentText, secondsText, spanText, tidy } from "./words";

/** How deployments go, in numbers that a team sets itself targets for. */
export function figuresSection(summary: Summary, dora: DoraFigures): Markup {
  const { days, ended, successPercent, meanSeconds, meanSecondsBefore } = summary;
  return html`<section id="figures" aria-labelledby="figures-title" data-live>
    <h2 id="figures-title">
      How releases go <span class="aside">the last ${days} days, ${counted(ended, "release")}</span>
    </h2>
    <dl class="figures">
      ${figure(
        "Success",
        percentText(successPercent),
        "target: over 95 %",
        missed(successPercent, (is) => is < 95),
      )}
      ${figure(
        "Mean time",
        secondsText(meanSeconds),
        trend(meanSeconds, meanSecondsBefore),
        missed(meanSeconds, (is) => is > 300),
      )}
      ${ofDelivery(dora)}
    </dl>
  </section>`;
}

/** The five figures by which teams that deliver compare themselves. */
function ofDelivery(dora: DoraFigures): Markup[] {
  return [
    figure("Deployments", tidy(dora.deploymentsPerDay * 7), "a week"),
    figure("Lead time", spanText(dora.leadTimeSeconds), "from commit to people"),
    figure("Change failures", percentText(dora.changeFailurePercent), "of all releases"),
    figure("Recovery", spanText(dora.recoverySeconds), "after a failed one"),
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

function trend(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return "target: under 5 min";
  const change = Math.round((now / before - 1) * 100);
  return change === 0 ? "as before" : `${Math.abs(change)} % ${change < 0 ? "faster" : "slower"} than before`;
}
