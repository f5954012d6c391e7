import type { AlertLevel } from "../alert";
import type { Figure } from "../figure";
import { thresholdOf } from "./judge";
import type { Rule } from "./rule";

const noteAtMost = 300;

/** What is said of a figure that a rule calls bad. */
export function textOf(rule: Rule, figure: Figure, level: AlertLevel): string {
  const threshold = thresholdOf(rule, level);
  const isFact = rule.unit === "" && threshold === 0 && figure.value === 1;
  const measured = `${number(figure.value)}${rule.unit}`;
  const limit = threshold === null ? "" : `, ${level} ${rule.bad} ${number(threshold)}${rule.unit}`;
  const found = isFact ? figure.subject : `${figure.subject}: ${measured}${limit}`;
  return figure.note ? `${found} (${figure.note.slice(0, noteAtMost)})` : found;
}

/** Two digits behind the point at most. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
