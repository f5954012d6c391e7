import type { Fault } from "./faults";
import type { Step } from "./moments";

const sameConnections = "a lost database breaks the same connections in this step, and is a cell of its own";
const sameFreeze =
  "a database that does not answer is frozen over the backup and the record, which ask it the same way";
const writesALine =
  "it writes one line, for which there is room; the steps that need room are cells of their own";

const without: Partial<Record<Fault, Partial<Record<Step, string>>>> = {
  hang: { preflight: sameFreeze, verification: sameFreeze },
  "lost network": { preflight: sameConnections, verification: sameConnections, contract: sameConnections },
  "disk full": { preflight: writesALine, verification: writesALine, contract: writesALine },
};

/** Why a cell is not tried: because another one shows the same; undefined where it is. */
export function leftOut(fault: Fault, step: Step): string | undefined {
  return without[fault]?.[step];
}
