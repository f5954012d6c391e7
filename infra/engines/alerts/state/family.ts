import type { Alert } from "../alert";
import type { Rule } from "../rules/rule";

/** The key of the open alert that explains this one: the nearest parent that is bad itself, fired or about to. */
export function parentOf(
  alert: Alert,
  open: readonly Alert[],
  rules: ReadonlyMap<string, Rule>,
): string | undefined {
  const rule = rules.get(alert.rule);
  for (const name of [...(rule?.parents ?? []), ...(rule?.parentsOf[alert.subject] ?? [])]) {
    const parent = open.find(({ rule: other, resolved, dryRun }) => other === name && !resolved && !dryRun);
    if (parent) return parent.key;
  }
  return undefined;
}
