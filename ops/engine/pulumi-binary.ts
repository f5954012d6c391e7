import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { messageOf } from "../../infra/support";
import { runChild } from "./child";

/** The version of Pulumi's launcher package, and so of the CLI, that `npm start` asks for. */
export const launcherVersion = "3.265.0";

/** Older ones do not know what the program uses. */
const oldestVersion = "3.200.0";

export interface PulumiBinary {
  path: string;
  version: string;
}

/** A CLI that answers, or why there is none, in words that end a line. */
export type PulumiSearch = { found: PulumiBinary } | { found: undefined; reason: string };

/** Looks on PATH, then where Pulumi's launcher keeps what it downloaded. */
export async function findPulumi(signal?: AbortSignal): Promise<PulumiSearch> {
  const candidates = [...pathFolders().map((folder) => join(folder, "pulumi")), launcherBinary()];
  for (const path of candidates) {
    if (await isExecutable(path)) return probePulumi(path, signal);
  }
  return { found: undefined, reason: "no pulumi on PATH" };
}

/** Where the launcher and Pulumi's Automation API put the CLI. */
export function launcherBinary(): string {
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  return join(home, "versions", launcherVersion, "bin", "pulumi");
}

async function probePulumi(path: string, signal?: AbortSignal): Promise<PulumiSearch> {
  try {
    const child = await runChild(path, ["version"], {
      cwd: tmpdir(),
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: 5000,
      kill: signal,
    });
    const version = /v?(\d+\.\d+\.\d+)/.exec(child.stdout)?.[1];
    if (child.code !== 0 || version === undefined)
      return { found: undefined, reason: `${path} does not answer` };
    if (isOlder(version, oldestVersion)) {
      return { found: undefined, reason: `${path} is ${version}, older than ${oldestVersion}` };
    }
    return { found: { path, version } };
  } catch (error) {
    return { found: undefined, reason: messageOf(error).split("\n")[0] ?? `${path} does not answer` };
  }
}

/** Compares plain versions of three numbers. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version.split(".").map(Number), than.split(".").map(Number)];
  const differing = left.findIndex((part, place) => part !== right[place]);
  return differing !== -1 && (left[differing] ?? 0) < (right[differing] ?? 0);
}

function pathFolders(): string[] {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.includes("node_modules"));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
