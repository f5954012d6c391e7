import { formatDuration, html, type Markup } from "../../../../support";

interface Step {
  name: string;
  outcome: string;
  durationMs: number;
}

/** A step too short to be seen is drawn this wide, in percent. */
const leastPercent = 1.5;

/** Which step took which share of a release: attributes alone, for the policy allows no style of its own. */
export function stepsBar(steps: readonly Step[]): Markup {
  const whole = steps.reduce((sum, { durationMs }) => sum + durationMs, 0) || 1;
  const widths = steps.map(({ durationMs }) => Math.max(leastPercent, (durationMs / whole) * 100));
  const drawn = widths.reduce((sum, width) => sum + width, 0);
  let left = 0;
  return html`<svg class="steps-bar" width="100%" height="8" aria-hidden="true" focusable="false">
    ${steps.map(({ name, outcome, durationMs }, at) => {
      const width = ((widths[at] ?? 0) / drawn) * 100;
      const x = left;
      left += width;
      return html`<rect
        class="${outcome} part-${at % 4}"
        x="${x.toFixed(2)}%"
        width="${Math.max(0, width - 0.4).toFixed(2)}%"
        height="8"
        rx="2"
      >
        <title>${name}: ${formatDuration(durationMs)}</title>
      </rect>`;
    })}
  </svg>`;
}
