import type { MachineCheck, MachineConfig, MachineGuest, MachineMount } from "../../drivers/fly-api";
import { parseDuration } from "../../support";
import type { GroupWish } from "./wish";

const sharedCpus = [1, 2, 4, 6, 8];
const performanceCpus = [1, ...Array.from({ length: 8 }, (_, at) => 2 * (at + 1)), 32, 64, 128];
const mostMachines = 1000;

/** Everything for which Fly would refuse these groups, or that cannot work, before any call is made. */
export function whyNotGroups(groups: readonly GroupWish[]): string[] {
  const names = groups.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return [...twice.map((name) => `there are two groups ${name}`), ...groups.flatMap(whyNotGroup)];
}

function whyNotGroup({ name, config, counts }: GroupWish): string[] {
  const reasons = [
    ...(/^[a-z][a-z0-9_-]{0,40}$/.test(name) ? [] : ["its name needs small letters, digits, - and _"]),
    ...Object.entries(counts)
      .filter(([, count]) => !Number.isInteger(count) || count < 0 || count > mostMachines)
      .map(([region, count]) => `${count} machines in ${region}: 0 to ${mostMachines} are possible`),
    ...whyNotGuest(config.guest ?? {}),
    ...checksOf(config).flatMap(whyNotCheck),
    ...whyNotMounts(config.mounts ?? []),
    ...whyNotPort(config),
  ];
  return reasons.map((reason) => `group ${name}: ${reason}`);
}

function whyNotGuest({ cpu_kind: kind = "shared", cpus = 1, memory_mb: memory }: MachineGuest): string[] {
  const size =
    kind === "performance" ? { cpus: performanceCpus, step: 1024, least: 2048, most: 8192 } : undefined;
  const {
    cpus: possible,
    step,
    least,
    most,
  } = size ?? { cpus: sharedCpus, step: 256, least: 256, most: 2048 };
  if (kind !== "shared" && kind !== "performance") return [`cpu kind ${kind}: shared or performance`];
  if (!possible.includes(cpus)) return [`${cpus} ${kind} cpus: ${possible.join(", ")} are possible`];
  if (memory === undefined || (memory % step === 0 && memory >= least * cpus && memory <= most * cpus))
    return [];
  return [
    `${memory} MB for ${cpus} ${kind} cpus: ${least * cpus} to ${most * cpus} in steps of ${step} are possible`,
  ];
}

/** What an app is told by PORT and what the proxy calls are two settings, and have to be one port. */
function whyNotPort({ env, services }: MachineConfig): string[] {
  const told = Number(env?.PORT);
  const called = (services ?? []).flatMap(({ internal_port: port }) => port ?? []);
  if (!Number.isInteger(told) || called.length === 0 || called.includes(told)) return [];
  return [`env.PORT tells the app to listen on ${told}, and its service calls port ${called.join(", ")}`];
}

function whyNotMounts(mounts: readonly MachineMount[]): string[] {
  if (mounts.length > 1) return [`${mounts.length} mounts: a machine can have one volume`];
  return mounts.flatMap(({ name = "", path = "", size_gb: size = 1 }) => [
    ...(/^[a-z0-9_]{1,30}$/.test(name)
      ? []
      : [`volume "${name}": a name needs small letters, digits and _, 30 at the most`]),
    ...(/^\/./.test(path) ? [] : [`volume ${name} stands at "${path}": a path such as /data is possible`]),
    ...(size >= 1 && size <= 500 ? [] : [`volume ${name} of ${size} GB: 1 to 500 are possible`]),
  ]);
}

function checksOf({ services, checks }: MachineConfig): MachineCheck[] {
  return [...(services ?? []).flatMap((one) => one.checks ?? []), ...Object.values(checks ?? {})];
}

function whyNotCheck({ interval, timeout }: MachineCheck): string[] {
  const [every, patience] = [interval, timeout].map((text) => (text ? parseDuration(text) : undefined));
  return [
    ...(every !== undefined && every < 2000 ? [`a check every ${interval}: 2s at the least`] : []),
    ...(patience !== undefined && patience > 60_000
      ? [`a check's timeout of ${timeout}: 60s at the most`]
      : []),
  ];
}
