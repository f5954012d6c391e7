import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  ensureHost,
  observeHost,
  stopHost,
  type MachineEnv,
  type MachineSpec,
  type MachineView,
} from "../../drivers/processes";
import { localFolder, projectRoot, type Secret } from "../../support";

/** The monitor that is wanted beside the local stack. */
export interface MonitorWish {
  port: number;
  intervalMs: number;
  /** What only its environment may hold, by the names of the variables. */
  secrets: Readonly<Record<string, Secret>>;
  signal?: AbortSignal | undefined;
}

/** A monitor as it is. */
export interface SeenMonitor {
  pid: number | null;
  port: number;
  fingerprint: string;
}

const id = "dnd-monitor";

/** It runs for months beside the app: memory that is not needed is given back early. */
const smallHeap = ["--max-semi-space-size=1", "--max-old-space-size=160", "--optimize-for-size"];

/** What channels need beside the settings: as with the app, secrets come from the environment of whoever starts it. */
const passedOn =
  /^(SLACK_|SMTP_|PAGERDUTY_|ALERT_|GITHUB_TOKEN$|AWS_|S3_|OTEL_|DND_CACHE$|DND_BACKUP_|DND_AGE_|LOG_LEVEL$)/;

/** Lets the supervisor of the local machines run it too: it starts it again, and keeps its log. */
export async function ensureMonitor(wish: MonitorWish): Promise<SeenMonitor> {
  const host = await ensureHost(folder(), wish.signal);
  const known = monitorIn((await host.view()).machines);
  if (!known || !isAsWanted(known, wish)) {
    if (known) await host.remove(known.spec);
    await host.create(specOf(wish), envOf(wish), false);
    await host.start(id);
  }
  const seen = monitorIn((await host.view()).machines);
  return seen ? seenOf(seen) : { pid: null, port: wish.port, fingerprint: fingerprintOf(wish) };
}

export async function observeMonitor(): Promise<SeenMonitor | null> {
  const found = monitorIn((await observeHost(folder()))?.machines ?? []);
  return found ? seenOf(found) : null;
}

/** With the last machine the supervisor ends too. */
export async function stopMonitor(): Promise<void> {
  if (!existsSync(folder())) return;
  const machines = (await observeHost(folder()))?.machines ?? [];
  const own = monitorIn(machines);
  if (!own) return;
  if (machines.length === 1) await stopHost(folder());
  else await (await ensureHost(folder())).remove(own.spec);
}

export function fingerprintOf(wish: Pick<MonitorWish, "port" | "intervalMs" | "secrets">): string {
  const parts = [wish.port, wish.intervalMs, revealed(wish.secrets)];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function folder(): string {
  return localFolder("machines");
}

function monitorIn(machines: readonly MachineView[]): MachineView | undefined {
  return machines.find(({ spec }) => spec.id === id);
}

function isAsWanted({ spec, pid, state }: MachineView, wish: MonitorWish): boolean {
  return pid !== null && state !== "failed" && spec.metadata.fingerprint === fingerprintOf(wish);
}

function seenOf({ spec, pid }: MachineView): SeenMonitor {
  return { pid, port: spec.port ?? 0, fingerprint: spec.metadata.fingerprint ?? "" };
}

function specOf(wish: MonitorWish): MachineSpec {
  const { port, intervalMs } = wish;
  const command = [process.execPath, ...smallHeap, join(projectRoot, "ops", "dnd.cjs"), "monitor"];
  return {
    id,
    group: id,
    metadata: { fingerprint: fingerprintOf(wish) },
    command: [...command, "--port", String(port), "--interval", `${intervalMs}ms`],
    cwd: projectRoot,
    port,
    check: { path: "/health", intervalMs: 5000, timeoutMs: 2000, failures: 3 },
    restart: {
      ...{ policy: "always", maxRetries: 10, firstDelayMs: 1000, maxDelayMs: 60_000 },
      // It may begin before the first release has made all that it looks at.
      provenOnly: false,
    },
    stop: { signal: "SIGTERM", timeoutMs: 10_000 },
    drainMs: 0,
    autostop: null,
  };
}

function envOf({ secrets }: MonitorWish): MachineEnv {
  const own = Object.entries(process.env).filter(([name]) => passedOn.test(name));
  return {
    ...(Object.fromEntries(own) as MachineEnv),
    DND_DIR: localFolder(),
    ...revealed(secrets),
  };
}

function revealed(secrets: MonitorWish["secrets"]): Record<string, string> {
  const names = Object.keys(secrets).sort();
  return Object.fromEntries(names.map((name) => [name, secrets[name]?.reveal() ?? ""]));
}
