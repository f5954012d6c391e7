import { note, ok, type Finding } from "./finding";

/** How often a rule has fired in the time that is looked at. */
export interface FiredRule {
  rule: string;
  fired: number;
  /** Of these, ended within minutes and without anybody. */
  brief: number;
  threshold: number | null;
}

const often = 12;

/** Which thresholds a person should think about: those that cry wolf, and those that nothing has reached. */
export function judgeThresholds(rules: readonly FiredRule[], days: number): Finding[] {
  return rules.map(({ rule, fired, brief, threshold }) => {
    const limit = threshold === null ? "" : ` at ${threshold}`;
    const found = `fired ${fired} times in ${days} days${limit}, ${brief} of them over within 10 minutes`;
    if (fired >= often && brief * 2 > fired)
      return note(rule, found, "It fires and goes again: raise it, or let it wait longer.");
    if (fired >= often) return note(rule, found, "It fires often: mend what it tells of.");
    if (fired === 0) return note(rule, found, "Nothing has reached it: is it low enough to warn in time?");
    return ok(rule, found);
  });
}
