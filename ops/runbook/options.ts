import { strayOption, usageOf, type Belongs } from "../actions";
import type { DatabaseOptions } from "../named-database";
import type { RoundName } from "../rounds";
import { secretNames, type SecretName } from "../rotate/secret-names";

export type ActionName = RoundName | "indexes" | "cleanup" | "rotate";

export interface OpsOptions extends DatabaseOptions {
  action: ActionName;
  secret?: SecretName;
  store?: string[];
  reports?: string;
  with?: string[];
  again?: boolean;
  rebuild?: string;
  apply?: boolean;
  finish?: boolean;
  recipient?: string[];
  channel?: string;
}

const roundActions: readonly ActionName[] = ["daily", "weekly", "monthly", "quarterly", "yearly"];

const belongs: Belongs<OpsOptions> = {
  secret: ["rotate"],
  store: [...roundActions, "cleanup", "rotate"],
  reports: [...roundActions, "cleanup"],
  with: roundActions,
  again: roundActions,
  rebuild: ["indexes"],
  apply: ["cleanup"],
  finish: ["rotate"],
  recipient: ["rotate"],
  channel: ["rotate"],
};

const wrong = usageOf("ops");

/** Refuses what does not fit together, before anything is looked at. */
export function requireFitting(options: OpsOptions): void {
  const stray = strayOption(options, belongs, "secret");
  if (stray) throw wrong(stray);
  const { action, secret, recipient, channel } = options;
  if (action !== "rotate") return;
  if (secret === undefined || !secretNames.includes(secret))
    throw wrong(`\`rotate\` wants one of ${secretNames.join(", ")}`);
  if (recipient !== undefined && secret !== "backup-key") throw wrong("--recipient belongs to backup-key");
  if (channel !== undefined && secret !== "webhooks") throw wrong("--channel belongs to webhooks");
}
