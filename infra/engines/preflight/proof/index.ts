export { judgeAudit, proofCommands, type ProofCommand } from "./commands";
export { findProof, keepProof } from "./keep";
export { proofNamespace, proofText, type Proof, type ProvenCommand } from "./proof";
export { prove, skipProof, type ProofWanted } from "./prove";
