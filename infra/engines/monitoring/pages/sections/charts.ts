import { html, type Markup } from "../../../../support";
import type { DashboardData } from "../data/dashboard-data";
import { trafficHours, type Point } from "../data/traffic";
import { counted, moment, secondsText, tidy } from "./words";

/** Places for the charts, each with what it shows in words: the script draws, the words are there without it. */
export function chartsSection({ history, series }: DashboardData): Markup {
  const failed = history.filter(({ state }) => state === "failed").length;
  const slowest = Math.max(0, ...history.map(({ seconds }) => seconds ?? 0));
  return html`<section id="charts" class="charts" aria-labelledby="charts-title">
    <h2 id="charts-title" class="unseen">Charts</h2>
    ${place(
      "durations",
      "Duration and outcome of releases",
      history.length === 0
        ? "No release yet."
        : `${counted(history.length, "release")}, ${failed} failed; the longest took ${secondsText(slowest)}.`,
    )}
    ${place(
      "errorPercent",
      `Error rate, ${trafficHours} hours`,
      inWords(series.errorPercent, (value) => `${tidy(value)} %`),
    )}
    ${place(
      "p95Ms",
      `Response time at p95, ${trafficHours} hours`,
      inWords(series.p95Ms, (value) => `${Math.round(value)} ms`),
    )}
  </section>`;
}

function place(name: string, title: string, words: Markup | string): Markup {
  return html`<figure class="chart ${name}" aria-labelledby="chart-${name}">
    <h3 id="chart-${name}">${title}</h3>
    <div class="drawing" data-chart="${name}"></div>
    <figcaption class="quiet" id="words-${name}" data-live>${words}</figcaption>
  </figure>`;
}

function inWords(points: readonly Point[], say: (value: number) => string): Markup | string {
  const last = points.at(-1);
  if (!last) return "Nothing was measured in this time.";
  const highest = points.reduce((high, point) => (point.value > high.value ? point : high), last);
  return html`In this hour ${say(last.value)}; highest ${say(highest.value)}, ${moment(highest.at)}.`;
}
