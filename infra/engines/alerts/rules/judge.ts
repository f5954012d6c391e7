import type { AlertLevel } from "../alert";
import type { Rule } from "./rule";

/** How bad a value is by a rule; null is good. */
export function judge(rule: Rule, value: number): AlertLevel | null {
  if (rule.critical !== null && isBeyond(rule, value, rule.critical)) return "critical";
  if (rule.warning !== null && isBeyond(rule, value, rule.warning)) return "warning";
  return null;
}

/** Whether a value is so good that an open alert may end: clearly on the good side, not just at the edge. */
export function isCalm(rule: Rule, value: number): boolean {
  const threshold = rule.warning ?? rule.critical;
  if (threshold === null) return true;
  const margin = Math.abs(threshold) * rule.hysteresis;
  return !isBeyond(rule, value, rule.bad === "above" ? threshold - margin : threshold + margin);
}

/** The threshold that a level of a rule begins at. */
export function thresholdOf(rule: Rule, level: AlertLevel): number | null {
  return level === "critical" ? (rule.critical ?? rule.warning) : (rule.warning ?? rule.critical);
}

function isBeyond({ bad }: Rule, value: number, threshold: number): boolean {
  // What is no number is no measurement: it neither rings nor ends anything by itself.
  return bad === "above" ? value > threshold : value < threshold;
}
