/** What the validation flags in a migration, by the name under which a migration can accept it. */
export const riskRules = [
  "breaking-drop",
  "breaking-rename",
  "breaking-type",
  "tighter-validator",
  "unindexed-filter",
  "unbounded-write",
  "replaced-collection",
] as const;

export type RiskRule = (typeof riskRules)[number];
