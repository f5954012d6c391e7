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

/** Everybody who is told of alerts is told of each, once for a release. */
export async function tellOfOpened(
  ops: Db,
  { release, environment }: { release: number; environment: string },
  opened: readonly OpenedGate[],
): Promise<void> {
  const now = new Date();
  for (const { gate, reason } of opened) {
    const rule = "gate-overridden";
    const key = `${rule}:release ${release}, ${gate}`;
    const alert = {
      ...{ version: 1, key, rule, subject: `release ${release}, ${gate}`, level: "warning" },
      title: `release ${release} went past the gate ${gate}`,
      text: reason,
      ...{ value: 1, threshold: 0, since: now, firedAt: null, resolvedAt: null, resolved: false },
      ...{ release, environment },
    };
    await ops
      .collection<typeof alert & { _id: string }>("alerts")
      .updateOne({ _id: key }, { $setOnInsert: alert }, { upsert: true });
  }
}
