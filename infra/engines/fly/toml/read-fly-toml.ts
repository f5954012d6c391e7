import { z } from "zod";
import type { MachineConfig } from "../../../drivers/fly-api";
import { OperatorError, parseDuration } from "../../../support";
import type { DeployWish, GroupWish, StrategyWish } from "../wish";
import { usualGate } from "../wish";
import { guestOf, megabytes } from "./guest";
import { parseToml } from "./parse-toml";
import { flyTomlSchema, type FlyToml, type TomlMount } from "./schema";
import { checkOf, httpServiceOf, serviceOf, withoutUndefined } from "./services";

/** What a fly.toml wants; how many machines there are is not said in one. */
export type TomlWish = Omit<DeployWish, "probe" | "verify" | "secrets">;

/** Reads a fly.toml; `counts` gives the machines of each group by region, one in the primary region unless told. */
export function readFlyToml(text: string, counts: Record<string, Record<string, number>> = {}): TomlWish {
  return wishOfToml(parseFlyToml(text), counts);
}

/** What is wanted of the machines, from a fly.toml that was read or made from settings. */
export function wishOfToml(toml: FlyToml, counts: Record<string, Record<string, number>> = {}): TomlWish {
  const region = toml.primary_region ?? "iad";
  const groups = Object.entries(toml.processes ?? { app: "" }).map(([name, command]): GroupWish => ({
    name,
    config: configOfGroup(toml, name, command, region),
    counts: counts[name] ?? { [region]: 1 },
  }));
  const { release_command, release_command_timeout, wait_timeout } = toml.deploy ?? {};
  const command = release_command && {
    command: words(release_command),
    timeoutMs: duration(release_command_timeout, 300_000),
  };
  return {
    app: toml.app ?? refuse(["app: the name of the app is missing"]),
    groups,
    strategy: strategyOf(toml),
    gate: { ...usualGate, timeoutMs: duration(wait_timeout, usualGate.timeoutMs) },
    ...(command ? { releaseCommand: command } : {}),
  };
}

/** A fly.toml as a value: in this form Fly keeps it as well. */
export function parseFlyToml(text: string): FlyToml {
  const result = flyTomlSchema.safeParse(plain(parseToml(text)));
  if (!result.success) return refuse(result.error.issues.map(issueText));
  const several = Object.keys(result.data.processes ?? {}).length > 1;
  const { http_service: http, services = [] } = result.data;
  const nameless = [...(http ? [http] : []), ...services].some(({ processes }) => !processes?.length);
  if (several && nameless) refuse(["processes: with several of them every service has to name its own"]);
  return result.data;
}

function issueText(issue: z.core.$ZodIssue): string {
  const at = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    return `${[at, issue.keys.join(", ")].filter(Boolean).join(".")}: unknown`;
  return `${at}: ${issue.message}`;
}

function configOfGroup(toml: FlyToml, group: string, command: string, region: string): MachineConfig {
  const mine = <T extends { processes?: string[] | undefined }>(list: T[] | undefined): T[] =>
    (list ?? []).filter(({ processes }) => !processes?.length || processes.includes(group));
  const [http] = mine(toml.http_service ? [toml.http_service] : []);
  const services = [...(http ? [httpServiceOf(http)] : []), ...mine(toml.services).map(serviceOf)];
  const checks = Object.entries(toml.checks ?? {}).filter(([, one]) => mine([one]).length > 0);
  const [restart] = mine(toml.restart);
  const [vm] = mine(toml.vm);
  const [metrics] = mine(toml.metrics);
  const stop = withoutUndefined({ signal: toml.kill_signal, timeout: killTimeout(toml.kill_timeout) });
  return withoutUndefined({
    image: toml.build?.image,
    env: { PRIMARY_REGION: region, FLY_PROCESS_GROUP: group, ...toml.env },
    init: withoutUndefined({ cmd: command ? words(command) : undefined, swap_size_mb: toml.swap_size_mb }),
    services,
    checks: Object.fromEntries(checks.map(([name, { processes, ...one }]) => [name, checkOf(one)])),
    mounts: mine(toml.mounts).map(mountOf),
    files: mine(toml.files).map(({ processes, raw_value, ...file }) =>
      withoutUndefined({ ...file, raw_value: raw_value && Buffer.from(raw_value).toString("base64") }),
    ),
    restart:
      restart &&
      withoutUndefined({
        policy: restart.policy === "never" ? ("no" as const) : restart.policy,
        max_retries: restart.retries,
      }),
    guest: vm && guestOf(vm),
    metrics: metrics && { port: metrics.port, path: metrics.path },
    statics: toml.statics,
    stop_config: Object.keys(stop).length > 0 ? stop : undefined,
  });
}

function mountOf(mount: TomlMount) {
  const gigabytes = (size: string | number | undefined) => {
    const mb = typeof size === "number" ? size * 1024 : megabytes(size);
    return mb && Math.ceil(mb / 1024);
  };
  return withoutUndefined({
    name: mount.source,
    path: mount.destination,
    size_gb: gigabytes(mount.initial_size),
    snapshot_retention: mount.snapshot_retention,
    scheduled_snapshots: mount.scheduled_snapshots,
    extend_threshold_percent: mount.auto_extend_size_threshold,
    add_size_gb: gigabytes(mount.auto_extend_size_increment),
    size_gb_limit: gigabytes(mount.auto_extend_size_limit),
  });
}

function strategyOf({ deploy = {} }: FlyToml): StrategyWish {
  const maxUnavailable = deploy.max_unavailable ?? 0.33;
  switch (deploy.strategy) {
    case "canary":
      return { kind: "canary", maxUnavailable, canaries: 1, holdMs: 10_000 };
    case "bluegreen":
      return { kind: "bluegreen", drainMs: 10_000 };
    case "immediate":
      return { kind: "immediate" };
    default:
      return { kind: "rolling", maxUnavailable };
  }
}

function killTimeout(timeout: string | number | undefined): string | undefined {
  return typeof timeout === "number" ? `${timeout}s` : timeout;
}

function duration(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  return parseDuration(text) ?? refuse([`${text}: no duration`]);
}

/** A command line in its words; quotes keep spaces together. */
function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

/** Tables without a prototype are no objects to the schema. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function refuse(problems: string[]): never {
  throw new OperatorError({
    code: "fly-toml-refused",
    message: `fly.toml cannot be used as it is: ${problems.join("; ")}`,
    remedy: "Mend these keys, or say the same in the stack's settings.",
    kind: "usage",
  });
}
