import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Measured } from "./measured";

/** Whether the tool is on PATH; says so where it is not. */
export function isOnPath(tool: "mongodump" | "mongorestore"): boolean {
  if (!spawnSync(tool, ["--version"]).error) return true;
  console.log(`${tool} is not on PATH: nothing to compare with`);
  return false;
}

export async function mongodump(
  uri: string,
  database: string,
  folder: string,
  how: "gzip" | "plain",
): Promise<Measured> {
  const archive = join(folder, `mongodump.${how}`);
  const options = [`--uri=${uri}`, `--db=${database}`, "--quiet", `--archive=${archive}`];
  const measured = await run("mongodump", how === "gzip" ? ["--gzip", ...options] : options);
  const { size } = await stat(archive);
  await rm(archive);
  return { ...measured, bytes: size };
}

/** Into a database that is not there, under another name than it was dumped. */
export async function mongorestore(
  uri: string,
  from: { archive: string; database: string },
  to: string,
  workers: number,
): Promise<Measured> {
  return run("mongorestore", [
    `--uri=${uri}`,
    "--quiet",
    "--gzip",
    `--archive=${from.archive}`,
    `--nsFrom=${from.database}.*`,
    `--nsTo=${to}.*`,
    `--numInsertionWorkersPerCollection=${workers}`,
  ]);
}

async function run(tool: string, options: string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(tool, options, { stdio: "inherit" });
  let used = usageOf(child.pid);
  const watch = setInterval(() => (used = usageOf(child.pid) ?? used), 20);
  const code = await new Promise((resolve) => child.once("close", resolve));
  const ms = performance.now() - started;
  clearInterval(watch);
  if (code !== 0) throw new Error(`${tool} ended with ${String(code)}`);
  return { ms, bytes: Number.NaN, ...(used ?? { cpuMs: Number.NaN, peakBytes: Number.NaN }) };
}

const msInATick = 10;

/** As Linux tells it while the process is there. */
function usageOf(pid: number | undefined): Pick<Measured, "cpuMs" | "peakBytes"> | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
    if (peak === undefined) return undefined;
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, "utf8")
        .split(") ")[1]
        ?.split(" ") ?? [];
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * msInATick, peakBytes: Number(peak) * 1024 };
  } catch {
    return undefined;
  }
}
