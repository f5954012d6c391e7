import { html, type Markup } from "../../../../support";
import { counted, dateText } from "../sections/words";
import type { StatusDay } from "./status-data";

/** Longer than this on one day is drawn as a bad day. */
const longMinutes = 60;

/** A bar a day, the newest on the right; told in words beside it, so a reader of screens misses nothing. */
export function daysStrip(days: readonly StatusDay[]): Markup {
  return html`<svg
      class="days"
      viewBox="0 0 ${days.length * 10} 40"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${days.map(
        ({ day, minutes }, at) =>
          html`<rect class="${toneOf(minutes)}" x="${at * 10}" y="0" width="7" height="40" rx="2">
            <title>
              ${dateText(new Date(day))}:
              ${minutes === 0 ? "no disruption" : `${counted(minutes, "minute")} of disruption`}
            </title>
          </rect>`,
      )}
    </svg>
    <p class="ends quiet" aria-hidden="true"><span>${days.length} days ago</span><span>today</span></p>`;
}

function toneOf(minutes: number): string {
  if (minutes === 0) return "good";
  return minutes > longMinutes ? "bad" : "warn";
}
