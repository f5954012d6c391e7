import type { Rule } from "./rule";
import { rules } from "./table";

/** What a stack's settings may say about a rule, in the place of the guides' thresholds. */
export interface Threshold {
  warn?: number | null | undefined;
  fail?: number | null | undefined;
  /** How long it must last, in milliseconds. */
  for?: number | undefined;
  dryRun?: boolean | undefined;
  /** False: the figure is not judged. */
  enabled?: boolean | undefined;
}
export type Thresholds = Partial<Record<string, Threshold>>;

/** The rules as a stack wants them, by the name of their figure. */
export function wantedRules(thresholds: Thresholds): ReadonlyMap<string, Rule> {
  const wanted = rules
    .filter(({ name }) => thresholds[name]?.enabled !== false)
    .map((rule) => [rule.name, withThreshold(rule, thresholds[rule.name])] as const);
  return new Map(wanted);
}

function withThreshold(rule: Rule, given: Threshold | undefined): Rule {
  if (!given) return rule;
  return {
    ...rule,
    warning: given.warn === undefined ? rule.warning : given.warn,
    critical: given.fail === undefined ? rule.critical : given.fail,
    forMs: given.for ?? rule.forMs,
    dryRun: given.dryRun ?? rule.dryRun,
  };
}
