import { strayOption, usageOf, type Belongs } from "../actions";
import type { DatabaseOptions } from "../named-database";

export type ActionName =
  | "create"
  | "list"
  | "show"
  | "verify"
  | "restore"
  | "undo"
  | "confirm"
  | "prune"
  | "rekey"
  | "hold"
  | "release-hold";

export interface BackupOptions extends DatabaseOptions {
  action: ActionName;
  id?: string;
  store?: string;
  environment?: string;
  preset?: "none" | "default" | "small" | "fast";
  strict?: boolean;
  limitRate?: string;
  usersAndRoles?: boolean;
  restoreTest?: boolean;
  server?: string;
  toDb?: string;
  dryRun?: boolean;
  force?: boolean;
  drop?: boolean;
  nsInclude?: string[];
  nsExclude?: string[];
  nsFrom?: string[];
  nsTo?: string[];
  anonymise?: string;
  allowOlder?: string;
  reason?: string;
  days?: number;
  keepLast?: number;
  recipient?: string[];
  passphrase?: boolean;
}

const belongs: Belongs<BackupOptions> = {
  id: ["show", "verify", "restore", "rekey", "hold", "release-hold"],
  preset: ["create"],
  strict: ["create"],
  limitRate: ["create"],
  usersAndRoles: ["create", "restore"],
  restoreTest: ["create", "verify"],
  server: ["create", "verify"],
  toDb: ["restore", "undo", "confirm"],
  dryRun: ["restore", "prune"],
  force: ["restore"],
  drop: ["restore"],
  nsInclude: ["restore"],
  nsExclude: ["restore"],
  nsFrom: ["restore"],
  nsTo: ["restore"],
  anonymise: ["restore"],
  allowOlder: ["restore"],
  reason: ["hold"],
  days: ["prune"],
  keepLast: ["prune"],
  recipient: ["create", "rekey"],
  passphrase: ["create", "verify", "restore"],
};

export const usage = usageOf("backup");

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: BackupOptions): void {
  const { action, id } = options;
  const stray = strayOption(options, belongs, "id");
  if (stray) throw usage(stray);
  if (id === undefined && belongs.id?.includes(action))
    throw usage(`\`${action}\` wants an archive: an id, a path, an s3:// address, or latest`);
  if (action === "hold" && !options.reason) throw usage("`hold` wants --reason");
  if (options.passphrase && options.recipient) throw usage("--passphrase and --recipient exclude each other");
  if (action === "rekey" && !options.recipient)
    throw usage("`rekey` wants --recipient, once for each new reader");
  for (const number of [options.days, options.keepLast])
    if (number !== undefined && !(number >= 1))
      throw usage("--days and --keep-last want a number, 1 or more");
  if (options.server !== undefined && !options.restoreTest) throw usage("--server belongs to --restore-test");
}

/** The archive that `requireFitting` has asked for. */
export function requiredId({ action, id }: BackupOptions): string {
  if (id === undefined) throw usage(`\`${action}\` wants an archive`);
  return id;
}
