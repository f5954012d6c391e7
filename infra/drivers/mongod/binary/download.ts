import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, formatSize, type Progress } from "../../../support";
import { runCommand } from "./command";

/** The one version that has builds for all systems that Node 20 runs on. */
const version = "7.0.14";
const patience = { firstByteMs: 5000, nextByteMs: 20_000, wholeMs: 150_000, tellMs: 5000 };

/** The download of mongodb-memory-server, into the cache; the MONGOMS variables of that library apply. */
export async function downloadBuild(
  progress: Progress,
  signal?: AbortSignal,
): Promise<{ path: string } | { why: string }> {
  const folder = cacheFolder("mongod", "download");
  await mkdir(folder, { recursive: true });
  const wanted = process.env.MONGOMS_VERSION ?? version;
  const stall = await watchForStall(folder, (bytes) =>
    progress(`downloading mongod ${wanted}: ${formatSize(bytes)}`),
  );
  try {
    const { stdout, why } = await runCommand(
      [process.execPath, join(__dirname, "download-process.cjs"), folder, wanted],
      {
        timeoutMs: patience.wholeMs,
        signal: signal ? AbortSignal.any([signal, stall.signal]) : stall.signal,
        env: downloadEnvironment(),
      },
    );
    return why === undefined ? { path: stdout.trim().split("\n").at(-1) ?? "" } : { why };
  } finally {
    stall.end();
  }
}

/** The user's own settings win; without them the library tries for seconds and does not look at certificates. */
function downloadEnvironment(): NodeJS.ProcessEnv {
  return { MONGOMS_MAX_RETRIES: "1", npm_config_strict_ssl: "true", ...process.env };
}

/** Fires when nothing arrives in the folder: soon while nothing has come yet, later once the download runs. */
async function watchForStall(folder: string, tell: (bytes: number) => void) {
  const stalled = new AbortController();
  const before = await bytesIn(folder);
  let last = { bytes: before, at: Date.now() };
  let toldAt = Date.now();
  const timer = setInterval(() => {
    void bytesIn(folder).then((bytes) => {
      const now = Date.now();
      if (bytes !== last.bytes) last = { bytes, at: now };
      const patienceMs = last.bytes === before ? patience.firstByteMs : patience.nextByteMs;
      if (now - last.at > patienceMs) stalled.abort(new Error(`nothing came for ${patienceMs / 1000}s`));
      if (last.bytes === before || now - toldAt < patience.tellMs) return;
      toldAt = now;
      tell(bytes - before);
    });
  }, 250);
  return { signal: stalled.signal, end: () => clearInterval(timer) };
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    // The lock file comes and goes: it is no sign of a download.
    names
      .filter((name) => !name.endsWith(".lock"))
      .map((name) =>
        stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
