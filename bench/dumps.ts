import { spawn, spawnSync } from "node:child_process";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { takeBackup, type BackupWanted } from "../infra/engines/backup";
import { formatDuration, formatSize, projectRoot } from "../infra/support";
import { median } from "./pairs";

type Preset = NonNullable<BackupWanted["preset"]>;

interface Measured {
  ms: number;
  bytes: number;
  /** Of all threads of the one that dumps, not of the server. */
  cpuMs: number;
  peakBytes: number;
}

interface Target {
  preset: Preset;
  against: "gzip" | "plain";
  faster: number;
  larger: number;
}

const targets: Target[] = [
  { preset: "small", against: "gzip", faster: 2.2, larger: 1.03 },
  { preset: "default", against: "gzip", faster: 3.8, larger: 1.12 },
  { preset: "fast", against: "gzip", faster: 6, larger: 1.2 },
  { preset: "none", against: "plain", faster: 0.9, larger: 1.01 },
];

/** Dumps a database with each preset and with mongodump, in turn, so that a machine that slows down slows all of them. */
export async function benchDumps(
  uri: string,
  database: string,
  folder: string,
  rounds: number,
): Promise<void> {
  const compare = !spawnSync("mongodump", ["--version"]).error;
  if (!compare) console.log("mongodump is not on PATH: nothing to compare with");
  const seen = new Map<string, Measured[]>();
  const note = (name: string, one: Measured) => seen.set(name, [...(seen.get(name) ?? []), one]);
  for (let round = 0; round < rounds; round++)
    for (const against of ["gzip", "plain"] as const) {
      if (compare) note(against, await mongodump(uri, database, folder, against));
      for (const { preset } of targets.filter((one) => one.against === against))
        note(preset, await inProcessOfItsOwn({ uri, database, folder, preset }));
    }
  for (const [name, all] of seen) console.log(line(name, all));
  for (const target of compare ? targets : []) console.log(comparison(target, seen));
}

function line(name: string, all: Measured[]): string {
  const of = (key: keyof Measured) => median(all.map((one) => one[key]));
  const who = name === "gzip" || name === "plain" ? `mongodump, ${name}` : `preset ${name}`;
  return `${who}: ${formatDuration(of("ms"))}, ${formatSize(of("bytes"))}, ${formatDuration(of("cpuMs"))} of CPU, peak memory ${formatSize(Math.max(...all.map((one) => one.peakBytes)))}`;
}

function comparison({ preset, against, faster, larger }: Target, seen: Map<string, Measured[]>): string {
  const [ours, theirs] = [seen.get(preset) ?? [], seen.get(against) ?? []];
  const ratio = (key: keyof Measured, up: Measured[], down: Measured[]) =>
    median(up.map((one, n) => one[key] / (down[n]?.[key] ?? Number.NaN))).toFixed(2);
  return (
    `preset ${preset} against mongodump ${against}: ${ratio("ms", theirs, ours)} times its speed (target ${faster}), ` +
    `${ratio("bytes", ours, theirs)} times its size (target at most ${larger}), ` +
    `${ratio("cpuMs", ours, theirs)} times its CPU`
  );
}

async function mongodump(
  uri: string,
  name: string,
  folder: string,
  how: "gzip" | "plain",
): Promise<Measured> {
  const archive = join(folder, `mongodump.${how}`);
  const options = [`--uri=${uri}`, `--db=${name}`, "--quiet", `--archive=${archive}`];
  const started = performance.now();
  const child = spawn("mongodump", how === "gzip" ? ["--gzip", ...options] : options, { stdio: "inherit" });
  let used = { cpuMs: 0, peakBytes: 0 };
  const watch = setInterval(() => {
    const now = usageOf(child.pid);
    used = { cpuMs: Math.max(used.cpuMs, now.cpuMs), peakBytes: Math.max(used.peakBytes, now.peakBytes) };
  }, 100);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`mongodump ended with ${String(code)}`);
  return { ms: performance.now() - started, bytes: (await stat(archive)).size, ...used };
}

/** As `ps` tells it while it runs: seconds of CPU, which is enough for what takes many. */
function usageOf(pid: number | undefined): { cpuMs: number; peakBytes: number } {
  const { stdout } = spawnSync("ps", ["-o", "rss=,cputimes=", "-p", String(pid)], { encoding: "utf8" });
  const [resident = 0, seconds = 0] = stdout.trim().split(/\s+/).map(Number);
  return { cpuMs: seconds * 1000, peakBytes: resident * 1024 };
}

interface Wanted {
  uri: string;
  database: string;
  folder: string;
  preset: Preset;
}

const marker = "--dump-once";

/** A process of its own for each dump: its peak of memory is its own, too. */
function inProcessOfItsOwn(wanted: Wanted): Promise<Measured> {
  const loader = join(projectRoot, "infra", "support", "typescript.cjs");
  const child = spawn(process.execPath, ["-r", loader, __filename, marker, JSON.stringify(wanted)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (data) => (text += String(data)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve(JSON.parse(text) as Measured)
        : reject(new Error(`the dump ended with ${String(code)}`)),
    );
  });
}

/** The time until the archive is written; that it is read again before it counts is measured apart. */
async function dumpOnce({ uri, database, folder, preset }: Wanted): Promise<Measured> {
  await mkdir(folder, { recursive: true });
  let written = 0;
  const used = { cpuMs: 0, peakBytes: 0 };
  const progress = (message: string) => {
    if (written > 0 || !message.startsWith("verifying")) return;
    written = performance.now();
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    Object.assign(used, { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakBytes: maxRSS * 1024 });
  };
  const address = { uri, name: database, credentials: "none" } as const;
  const started = performance.now();
  const archive = await takeBackup({
    address,
    store: folder,
    environment: "bench",
    release: 1,
    preset,
    progress,
  });
  return { ms: written - started, bytes: archive.bytes, ...used };
}

if (process.argv[2] === marker)
  void dumpOnce(JSON.parse(process.argv[3] ?? "") as Wanted).then((one) => console.log(JSON.stringify(one)));
