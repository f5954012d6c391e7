import { recoveryKeyTrap } from "./recovery-key";
import { warning, type Finding } from "./finding";
import { monitorTrap } from "./monitor-trap";

type Group = Record<string, unknown>;

/** The groups of a stack's settings as they stand in its file. */
export type RawSettings = Record<string, unknown>;

/** Settings that are allowed and will hurt, and some that never worked anywhere. */
export function settingTraps(settings: RawSettings): Finding[] {
  const app = group(settings.app);
  const database = group(settings.database);
  return [
    tenantTier(database),
    openAccessList(database),
    movingImage(app),
    oneMachineRolling(app),
    noHealthCheck(app),
    recoveryKeyTrap(settings.environment, group(settings.backup)),
    monitorTrap(settings.environment, group(settings.monitoring)),
  ].filter((finding) => finding !== undefined);
}

function tenantTier({ tier, providerName }: Group): Finding | undefined {
  if (providerName !== "TENANT" || tier === undefined || tier === "M0") return undefined;
  return warning(
    "database.tier",
    `${shown(tier)} with the provider TENANT never applies: TENANT has only M0`,
    "Leave providerName out: it follows from the tier.",
  );
}

function openAccessList({ accessList }: Group): Finding | undefined {
  const entries = Array.isArray(accessList) ? accessList.map(String) : [];
  const open = entries.find((entry) => /^(0\.0\.0\.0|::)\/0$/.test(entry.trim()));
  if (!open) return undefined;
  return warning(
    "database.accessList",
    `${open} lets the whole internet try the database's password`,
    "Name the addresses of the app and of whoever deploys.",
  );
}

function movingImage({ image }: Group): Finding | undefined {
  if (typeof image !== "string" || image === "commit" || /@?sha256:[0-9a-f]{64}$/.test(image))
    return undefined;
  return warning(
    "app.image",
    `${image} is not pinned by its digest: what runs can change without a release`,
    "Name it with @sha256:…, or `commit` for the image of this commit.",
  );
}

function oneMachineRolling({ machines, strategy }: Group): Finding | undefined {
  const kind = typeof strategy === "string" ? strategy : group(strategy).kind;
  if (machines !== 1 || (kind ?? "rolling") !== "rolling") return undefined;
  return warning(
    "app.machines",
    "1 machine with the strategy rolling: while it is replaced nobody else serves",
    "Run at least 2 machines, or deploy with the strategy bluegreen.",
  );
}

function noHealthCheck({ checks }: Group): Finding | undefined {
  const { path } = group(checks);
  if (checks === undefined || path === undefined || path !== "/") return undefined;
  return warning(
    "app.checks.path",
    "/ answers while the database is gone: it is no health check",
    "Use /api/health, which asks the database.",
  );
}

function group(value: unknown): Group {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Group) : {};
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
