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
export { runGates, type GateResult, type PreflightReport } from "./run-gates";
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
