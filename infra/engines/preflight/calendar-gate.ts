import { freezeAt, isInWindow } from "./calendar";
import { fail, ok, type Finding, type Gate } from "./gate";

/** It is a time at which this stack may be released. */
export const calendarGate: Gate = {
  name: "release window",
  look({ wishes: { rules }, now }): Finding {
    const { window, freeze } = rules;
    const frozen = freezeAt(now, freeze, window?.timeZone ?? "UTC");
    if (frozen) {
      return fail(
        `frozen from ${frozen.from} to ${frozen.to}: ${frozen.reason}`,
        "Wait until then, or take the entry out of release.freeze. A rollback is never frozen.",
      );
    }
    if (!window) return ok("always open");
    const told = `${window.days.join(", ")} from ${window.from} to ${window.to} (${window.timeZone})`;
    if (isInWindow(now, window)) return ok(`open: ${told}`);
    return fail(
      `closed: ${told}`,
      "Wait until it opens, or change release.window. A rollback may go at any time.",
    );
  },
};
