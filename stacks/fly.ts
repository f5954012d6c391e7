import { resolve } from "node:path";
import type { FlyToml, MachinesWanted, MachinesWish } from "../components/fly-deployed-app";
import { projectRoot } from "../infra/support";
import type { AppSettings } from "./app-settings";

/** The settings of an app in the words of a fly.toml; `dnd fly toml` writes it. */
export function flyTomlOf(app: AppSettings): FlyToml {
  const { checks, strategy, processes } = app;
  const serving = Object.entries(processes).flatMap(([name, { http }]) => (http ? [name] : []));
  const ownChecks = Object.entries(processes).flatMap(([name, { health }]) =>
    health ? [[name, tomlCheckOf(app, name, health)] as const] : [],
  );
  const ownSizes = Object.entries(processes).flatMap(([name, { size, memory }]) =>
    size === undefined && memory === undefined
      ? []
      : [{ size: size ?? app.size, memory: memory ?? app.memory, processes: [name] }],
  );
  return {
    app: app.name,
    primary_region: app.regions[0],
    kill_signal: "SIGTERM",
    kill_timeout: goDuration(app.drainTimeout),
    deploy: {
      strategy: strategy.kind,
      ...(maxUnavailableOf(app) === undefined ? {} : { max_unavailable: maxUnavailableOf(app) }),
      wait_timeout: goDuration(app.deployTimeout),
      ...(app.releaseCommand === undefined ? {} : { release_command: app.releaseCommand }),
    },
    env: { PORT: String(app.internalPort), ...app.env },
    ...(Object.keys(processes).length > 0
      ? { processes: Object.fromEntries(Object.entries(processes).map(([name, one]) => [name, one.command])) }
      : {}),
    http_service: {
      internal_port: app.internalPort,
      force_https: true,
      auto_stop_machines: app.autostop,
      auto_start_machines: true,
      min_machines_running: app.autostop === "off" ? app.machines : 0,
      ...(serving.length > 0 ? { processes: serving } : {}),
      checks: [
        {
          method: "GET",
          path: checks.path,
          interval: goDuration(checks.interval),
          timeout: goDuration(checks.timeout),
          grace_period: goDuration(checks.gracePeriod),
        },
      ],
    },
    ...(app.mounts.length > 0 ? { mounts: app.mounts.map(tomlMountOf) } : {}),
    ...(ownChecks.length > 0 ? { checks: Object.fromEntries(ownChecks) } : {}),
    // The first that fits a program counts.
    vm: [...ownSizes, { size: app.size, memory: app.memory }],
  };
}

function tomlCheckOf({ checks }: AppSettings, name: string, { port, path }: { port: number; path: string }) {
  return {
    ...{ type: "http" as const, method: "GET", port, path, processes: [name] },
    interval: goDuration(checks.interval),
    timeout: goDuration(checks.timeout),
    grace_period: goDuration(checks.gracePeriod),
  };
}

function tomlMountOf({
  source,
  destination,
  size,
  snapshotRetention,
  processes,
}: AppSettings["mounts"][number]) {
  return {
    ...{ source, destination, initial_size: `${size}gb` },
    ...(snapshotRetention === undefined ? {} : { snapshot_retention: snapshotRetention }),
    ...(processes === undefined ? {} : { processes }),
  };
}

/** Where the machines of an app are described: a file that the settings name, or the settings themselves. */
export function machinesWanted(app: AppSettings): MachinesWanted {
  const counts = Object.entries(app.processes).flatMap(([name, { machines }]) =>
    machines === undefined ? [] : [[name, machines] as const],
  );
  return {
    toml: app.flyToml === undefined ? flyTomlOf(app) : resolve(projectRoot, app.flyToml),
    machines: app.machines,
    counts: Object.fromEntries(counts),
    regions: app.regions,
    fallbackRegions: app.fallbackRegions,
  };
}

/** With what a fly.toml has no words for. */
export function refinedBy({ strategy, checks }: AppSettings, wish: MachinesWish): MachinesWish {
  const { toleratedRestarts, bake: bakeMs } = checks;
  const gate = { ...wish.gate, toleratedRestarts, bakeMs };
  const own = wish.strategy;
  if (!("hold" in strategy) || strategy.kind !== own.kind) return { ...wish, gate };
  const { canaries = 1, hold: holdMs, drain: drainMs } = strategy;
  if (own.kind === "canary") return { ...wish, gate, strategy: { ...own, canaries, holdMs } };
  return { ...wish, gate, strategy: own.kind === "bluegreen" ? { ...own, drainMs } : own };
}

/** "300s": whole seconds where it is that, as Fly reads durations. */
function goDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function maxUnavailableOf({ strategy }: AppSettings): number | undefined {
  return "maxUnavailable" in strategy ? strategy.maxUnavailable : undefined;
}
