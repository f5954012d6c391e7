import { formatDuration, html, type Markup } from "../../../../support";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A moment in universal time; the page's script puts it into the reader's own, and says how long ago that is. */
export function moment(at: Date): Markup {
  return html`<time datetime="${at.toISOString()}"
    >${dateText(at)}, ${at.toISOString().slice(11, 16)} UTC</time
  >`;
}

/** "1 Mar 2026" */
export function dateText(at: Date): string {
  return `${at.getUTCDate()} ${months[at.getUTCMonth()] ?? ""} ${at.getUTCFullYear()}`;
}

/** "97.4 %", and a dash where nothing is known. */
export function percentText(value: number | null): string {
  return value === null ? "–" : `${tidy(value)} %`;
}

/** "3m 05s", and a dash where nothing is known. */
export function secondsText(value: number | null): string {
  return value === null ? "–" : formatDuration(value * 1000);
}

/** "3.2 days", "5.5 h", and for what is shorter minutes and seconds. */
export function spanText(seconds: number | null): string {
  if (seconds === null || seconds < 3600) return secondsText(seconds);
  return seconds < 48 * 3600 ? `${tidy(seconds / 3600)} h` : `${tidy(seconds / 86_400)} days`;
}

/** A number with as many digits as tell something. */
export function tidy(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

/** "1 machine", "2 machines" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The first digits of an image's digest, as people compare them. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}
