import type { Db } from "mongodb";
import type { GateWishes } from "./gates";

/** A gate that somebody opened by hand, and why. */
export interface OpenedGate {
  gate: string;
  reason: string;
}

/** The gates of a release that somebody opened by hand. */
export function openedBy(gates: GateWishes | undefined): OpenedGate[] {
  const reason = gates?.promotion?.override;
  if (reason === null || reason === undefined) return [];
  const { promotionGateName } = require("../engines/preflight") as typeof import("../engines/preflight");
  return [{ gate: promotionGateName, reason }];
}

/** Everybody who is told of alerts is told of each. */
export async function tellOfOpened(
  ops: Db,
  { release, environment }: { release: number; environment: string },
  opened: readonly OpenedGate[],
): Promise<void> {
  if (opened.length === 0) return;
  const { raiseAlert } = require("../engines/alerts") as typeof import("../engines/alerts");
  for (const { gate, reason } of opened) {
    await raiseAlert(ops, {
      rule: "gate-overridden",
      subject: `release ${release}, ${gate}`,
      level: "warning",
      title: `release ${release} went past the gate ${gate}`,
      text: reason,
      ...{ release, environment },
    });
  }
}
