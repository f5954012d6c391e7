const bars = "▁▂▃▄▅▆▇█";

/** Figures as a row of bars, lowest to highest; a step without a figure is a gap. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const low = Math.min(...known);
  const high = Math.max(...known);
  return values.map((value) => barOf(value, low, high)).join("");
}

/** What does not change is drawn low where it is nothing, and in the middle where it is something. */
function barOf(value: number | null, low: number, high: number): string {
  if (value === null || !Number.isFinite(value)) return " ";
  const flat = value === 0 ? 0 : 3;
  const step = high === low ? flat : Math.round(((value - low) / (high - low)) * (bars.length - 1));
  return bars[step] ?? " ";
}

export interface Stepped {
  at: Date;
  value: number;
}

/** Points of a series laid on a row of steps of the same width; null where there is none. */
export function onSteps(
  points: readonly Stepped[],
  { since, until, step }: { since: Date; until: Date; step: number },
): (number | null)[] {
  const first = Math.floor(since.getTime() / step);
  const count = Math.max(1, Math.floor(until.getTime() / step) - first + 1);
  const row = Array.from<number | null>({ length: count }).fill(null);
  for (const { at, value } of points) {
    const place = Math.floor(at.getTime() / step) - first;
    if (place >= 0 && place < count) row[place] = value;
  }
  return row;
}
