import type { OperationKind } from "../engine";
import type { Terminal } from "../terminal";
import type { GivenOptions } from "./options";

export { toldOfBegunCluster } from "./begun-cluster";
export { policiesAt } from "./default-policies";
export { refuseMovedClusterAt } from "./moved-cluster";
export { addEngineOption, addOperationOptions, addPlaceOptions, type GivenOptions } from "./options";

/** Performs an operation from its options to its exit code; loaded only then, so that help is fast. */
export function performOperation(
  kind: OperationKind,
  given: GivenOptions,
  terminal: Terminal,
): Promise<number> {
  const perform = require("./perform") as typeof import("./perform");
  return perform.performOperation(kind, given, terminal);
}
