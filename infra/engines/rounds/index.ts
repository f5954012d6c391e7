export { act, note, ok, unasked, type Finding } from "./finding";
export { markdownOf } from "./markdown";
export { needsPerson, reportSchema, todosOf, type RoundReport, type RoundStepReport } from "./report";
export { auditSettings, type StackSettings } from "./settings-audit";
export { judgeTargets, runbookTargets, type Targets, type WeekSeen } from "./targets";
export { judgeThresholds, type FiredRule } from "./thresholds";
export { judgeAges, type CredentialAge } from "./credential-ages";
