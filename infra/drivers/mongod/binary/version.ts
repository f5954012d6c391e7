import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const oldest = 6;

/** The version that a mongod reports; undefined when it is none or does not run here. */
export async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ["--version"], { timeout: 10_000 });
    return /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

export function isRecentEnough(version: string): boolean {
  return Number(version.split(".")[0]) >= oldest;
}
