import { warning, type Finding } from "./finding";
import { flyValue, readFlyToml, type FlyEntry } from "./fly-toml";

/** Settings of a fly.toml that do nothing, do it twice, or take the app down. */
export function flyTraps(file: string, text: string): Finding[] {
  const entries = readFlyToml(text);
  return [deadRollback, secondMigration, movingImage, oneMachineRolling, noHealthCheck].flatMap((trap) => {
    const found = trap(entries);
    return found ? [warning(file, found.problem, found.remedy)] : [];
  });
}

interface Trap {
  problem: string;
  remedy: string;
}

function deadRollback(entries: FlyEntry[]): Trap | undefined {
  if (!entries.some(({ key }) => key === "auto_rollback")) return undefined;
  return {
    problem: "auto_rollback is set, and Fly ignores it",
    remedy: "Remove it: `release.autoRollback` in the stack's settings does it.",
  };
}

function secondMigration(entries: FlyEntry[]): Trap | undefined {
  const command = flyValue(entries, "deploy", "release_command");
  if (!command || !/migrat/i.test(command)) return undefined;
  return {
    problem: `release_command "${command}" migrates, and so does the release: twice, without its backup`,
    remedy: "Remove release_command: migrations are a step of the release.",
  };
}

function movingImage(entries: FlyEntry[]): Trap | undefined {
  const image = flyValue(entries, "build", "image");
  if (!image || /@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  return {
    problem: `image ${image} is not pinned by its digest: what runs can change without a release`,
    remedy: "Name it with @sha256:…",
  };
}

function oneMachineRolling(entries: FlyEntry[]): Trap | undefined {
  const strategy = flyValue(entries, "deploy", "strategy") ?? "rolling";
  if (strategy !== "rolling" || flyValue(entries, "http_service", "min_machines_running") !== "1")
    return undefined;
  return {
    problem: "min_machines_running = 1 with the strategy rolling: every deployment is an outage",
    remedy: "Run at least 2 machines, or deploy with the strategy bluegreen.",
  };
}

function noHealthCheck(entries: FlyEntry[]): Trap | undefined {
  const serves = entries.some(({ section }) => /^(http_service|services)$/.test(section));
  const checks = entries.some(({ section }) => /(^|\.)(http_|tcp_)?checks(\.|$)/.test(section));
  if (!serves || checks) return undefined;
  return {
    problem: "the service has no health check: a broken version gets traffic at once",
    remedy: "Add [[http_service.checks]] with path /api/health.",
  };
}
