import { spawn } from "node:child_process";
import { join } from "node:path";
import { restoreArchive, takeBackup, type BackupWanted } from "../../infra/engines/backup";
import { projectRoot } from "../../infra/support";
import { peakMemory } from "../shared/peak-memory";
import type { Measured } from "./measured";

export type Preset = NonNullable<BackupWanted["preset"]>;

interface Dump {
  do: "dump";
  uri: string;
  database: string;
  folder: string;
  preset: Preset;
  /** A public key of age; nobody's unless given. */
  recipient?: string | undefined;
  limitRate?: number | undefined;
}

interface Restore {
  do: "restore";
  uri: string;
  database: string;
  folder: string;
  id: string;
  /** Beside what stands there, and then in its place. */
  drop: boolean;
}

/** What a process of its own measured. */
export type Once = Measured & { id: string; documents: number; verifyMs: number };

/** Dumps or restores in a process of its own: then its peak of memory is its own, too. */
export function inProcessOfItsOwn(wanted: Dump | Restore): Promise<Once> {
  const loader = join(projectRoot, "infra", "support", "typescript.cjs");
  const child = spawn(process.execPath, ["-r", loader, __filename, JSON.stringify(wanted)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (data) => (text += String(data)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve(JSON.parse(text) as Once)
        : reject(new Error(`the ${wanted.do} ended with ${String(code)}`)),
    );
  });
}

/** The time until the archive is written; that it is read again before it counts is told apart. */
async function dump({ uri, database, folder, preset, recipient, limitRate }: Dump): Promise<Once> {
  let written = 0;
  let used = usage();
  const started = performance.now();
  const archive = await takeBackup({
    address: { uri, name: database, credentials: "none" },
    store: folder,
    environment: "bench",
    release: 1,
    preset,
    limitRate,
    encryption: recipient === undefined ? undefined : { recipients: [recipient] },
    progress: (message) => {
      if (written > 0 || !message.startsWith("verifying")) return;
      written = performance.now();
      used = usage();
    },
  });
  const { id, documents, bytes } = archive;
  const peak = { peakBytes: usage().peakBytes };
  return {
    ...used,
    ...peak,
    id,
    documents,
    bytes,
    ms: written - started,
    verifyMs: performance.now() - written,
  };
}

async function restore({ uri, database, folder, id, drop }: Restore): Promise<Once> {
  const to = { uri, name: database, credentials: "none" } as const;
  const started = performance.now();
  const { documents } = await restoreArchive({ store: folder, id, to, drop });
  return { ...usage(), id, documents, bytes: 0, ms: performance.now() - started, verifyMs: 0 };
}

function usage(): Pick<Measured, "cpuMs" | "peakBytes"> {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakBytes: peakMemory() };
}

if (process.argv[1] === __filename) {
  const wanted = JSON.parse(process.argv[2] ?? "") as Dump | Restore;
  void (wanted.do === "dump" ? dump(wanted) : restore(wanted)).then((one) =>
    console.log(JSON.stringify(one)),
  );
}
