import { carriedOut } from "../../drivers/outpost";
import type { DatabaseAddress } from "../../drivers/mongo";
import { runGates as runGatesHere } from "./run-gates";

export { runGatesHere };

/** Looks at everything that must hold before a release touches anything. Reads only. */
export const runGates = carriedOut("runGates", runGatesHere, {
  at: ({ address }: { address: DatabaseAddress | null }) => address,
  folders: ["migrations.folder", "rules.proof.signers"],
  // An outpost has neighbours of its own.
  sends: ([wishes, , looks]) => [wishes, null, looks],
});
export { approve, type Approved } from "./approve";
export { PreflightRefusedError } from "./errors";
export type { GateState } from "./gate";
export { junitOf } from "./junit";
export type { Neighbours } from "./neighbours";
export {
  keepProof,
  proofCommands,
  prove,
  skipProof,
  type Proof,
  type ProofCommand,
  type ProvenCommand,
} from "./proof";
export type { GateResult, PreflightReport } from "./run-gates";
export { promotionGateName } from "./promotion-gate";
export type {
  Freeze,
  GateRules,
  NeededSetting,
  PreflightWishes,
  PromotionWish,
  ReleaseWindow,
  Weekday,
} from "./wishes";
