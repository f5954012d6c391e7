import { MongoBinary } from "mongodb-memory-server-core/lib/util/MongoBinary";
import { MongoBinaryDownloadUrl } from "mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl";
import { getOS } from "mongodb-memory-server-core/lib/util/getos";
import { cacheFolder, messageOf, type Progress } from "../../../support";

/** A server whose builds exist for today's systems. */
const version = process.env.MONGOMS_VERSION ?? "7.0.14";
/** To hear at all from where the builds lie; without a way out this is all that a newcomer waits. */
const answerTimeoutMs = 4000;
const downloadTimeoutMs = 180_000;

/** The download of mongodb-memory-server, into the cache; the MONGOMS variables of that library apply. */
export async function downloadedBinary(progress: Progress): Promise<{ path: string } | { why: string }> {
  const silence = await unreachable();
  if (silence) return { why: silence };
  progress(`downloading mongod ${version}`);
  const path = MongoBinary.getPath({ version, downloadDir: cacheFolder("mongod", "download") });
  return Promise.race([path.then((path) => ({ path })), tooLong()]);
}

/** Why nothing answers where the build lies; undefined when something does, whatever it says. */
async function unreachable(): Promise<string | undefined> {
  try {
    const { platform, arch } = process;
    const address = await new MongoBinaryDownloadUrl({
      version,
      platform,
      arch,
      os: await getOS(),
    }).getDownloadUrl();
    await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(answerTimeoutMs) });
    return undefined;
  } catch (error) {
    return `the server of the builds does not answer: ${messageOf((error as Error).cause ?? error)}`;
  }
}

function tooLong(): Promise<{ why: string }> {
  return new Promise((resolve) => {
    setTimeout(
      () => resolve({ why: `not there after ${downloadTimeoutMs / 1000}s` }),
      downloadTimeoutMs,
    ).unref();
  });
}
