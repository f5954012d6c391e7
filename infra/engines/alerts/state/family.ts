import type { Alert } from "../alert";
import type { Rule } from "../rules/rule";

/** The key of the open alert that explains this one: the nearest parent that is bad itself, fired or about to. */
export function parentOf(
  alert: Alert,
  open: readonly Alert[],
  rules: ReadonlyMap<string, Rule>,
): string | undefined {
  const parents = rules.get(alert.rule)?.parents ?? [];
  for (const name of parents) {
    const parent = open.find(({ rule, resolved, dryRun }) => rule === name && !resolved && !dryRun);
    if (parent) return parent.key;
  }
  return undefined;
}
