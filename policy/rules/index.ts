import type { Policies } from "@pulumi/policy";
import { careRules } from "./care";
import { databaseRules } from "./database";
import { backupBeforeMigration, releaseRules } from "./release";
import { archivesLocked, bucketsComplete, storageRules } from "./storage";

/** Every rule of the pack. */
export const rules: Policies = [
  ...storageRules,
  ...databaseRules,
  ...releaseRules,
  ...careRules,
  bucketsComplete,
  archivesLocked,
  backupBeforeMigration,
];
