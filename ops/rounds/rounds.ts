import { restoreDryRun, restoreTest, retention, trialBackup } from "./backup-steps";
import { databaseCare } from "./database-step";
import { health, migrations, verification } from "./health-steps";
import { drill, thresholds } from "./rare-steps";
import { accessLog, credentials, packages } from "./security-steps";
import { settingsAudit } from "./settings-step";
import type { RoundStep } from "./step";
import { weekFigures } from "./week-figures";
import { week, yesterday } from "./week-steps";

export const roundNames = ["daily", "weekly", "monthly", "quarterly", "yearly"] as const;

export type RoundName = (typeof roundNames)[number];

/** What each round looks at, in this order. */
export const rounds: Record<RoundName, readonly RoundStep[]> = {
  daily: [health, verification, migrations, yesterday],
  weekly: [trialBackup, restoreDryRun, weekFigures, week, retention, databaseCare],
  monthly: [packages, credentials, accessLog, settingsAudit, restoreTest],
  quarterly: [thresholds],
  yearly: [drill],
};
