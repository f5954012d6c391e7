import { flagOf, strayOption, usageOf, type Belongs } from "../actions";
import type { DatabaseOptions } from "../named-database";

export type ActionName =
  | "create"
  | "copy"
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
  store?: string[];
  to?: string;
  check?: boolean;
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
  daily?: number;
  weekly?: number;
  monthly?: number;
  releases?: number;
  recipient?: string[];
  passphrase?: boolean;
}

const belongs: Belongs<BackupOptions> = {
  id: ["copy", "show", "verify", "restore", "rekey", "hold", "release-hold"],
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
  to: ["copy"],
  check: ["list"],
  days: ["prune"],
  keepLast: ["prune"],
  daily: ["prune"],
  weekly: ["prune"],
  monthly: ["prune"],
  releases: ["prune"],
  recipient: ["create", "rekey"],
  passphrase: ["create", "verify", "restore"],
};

export const usage = usageOf("backup");

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: BackupOptions): void {
  const { action, id } = options;
  const stray = strayOption(options, belongs, "id");
  if (stray) throw usage(stray);
  if (id === undefined && action !== "copy" && belongs.id?.includes(action))
    throw usage(`\`${action}\` wants an archive: an id, a path, an s3:// address, or latest`);
  if (action === "hold" && !options.reason) throw usage("`hold` wants --reason");
  if (options.passphrase && options.recipient) throw usage("--passphrase and --recipient exclude each other");
  if (action === "rekey" && !options.recipient)
    throw usage("`rekey` wants --recipient, once for each new reader");
  refuseUncountable(options, ["days", "keepLast", "releases"], 1);
  refuseUncountable(options, ["daily", "weekly", "monthly"], 0);
  if (options.server !== undefined && !options.restoreTest) throw usage("--server belongs to --restore-test");
}

function refuseUncountable(
  options: BackupOptions,
  names: readonly ("days" | "keepLast" | "releases" | "daily" | "weekly" | "monthly")[],
  least: number,
): void {
  for (const name of names) {
    const count = options[name];
    if (count !== undefined && !(Number.isInteger(count) && count >= least))
      throw usage(`${flagOf(name)} wants a whole number, ${least} or more`);
  }
}

/** The archive that `requireFitting` has asked for. */
export function requiredId({ action, id }: BackupOptions): string {
  if (id === undefined) throw usage(`\`${action}\` wants an archive`);
  return id;
}
