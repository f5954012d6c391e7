import { randomBytes } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { probeMongod, stopMongod } from "../../../drivers/mongod";
import { identify, isRunning, type ProcessIdentity } from "../../../drivers/processes";
import { localFolder } from "../../../support";

const prefix = "trial-";
const pattern = /^trial-(\d+)-[0-9a-f]+$/;

/** Nobody misses what a trial's server holds: it need not end in order. */
export const gracefulMs = 500;

/** Makes a folder for one trial, which says whose it is; gives its name in `.dnd/`. */
export async function claimTrialFolder(): Promise<string> {
  const name = `${prefix}${process.pid}-${randomBytes(3).toString("hex")}`;
  await mkdir(localFolder(name), { recursive: true, mode: 0o700 });
  await writeFile(ownerFile(name), JSON.stringify(identify(process.pid)));
  return name;
}

/** Ends and removes what killed trials have left; those that are under way stay. */
export async function removeAbandonedTrials(): Promise<void> {
  const entries = await readdir(localFolder()).catch(() => []);
  for (const entry of entries.filter((one) => pattern.test(one))) {
    if (await isOwned(entry)) continue;
    const left = probeMongod(join(localFolder(entry), "data"));
    if (left) await stopMongod(left.identity, { gracefulMs });
    await rm(localFolder(entry), { recursive: true, force: true });
  }
}

async function isOwned(folder: string): Promise<boolean> {
  try {
    return isRunning(JSON.parse(await readFile(ownerFile(folder), "utf8")) as ProcessIdentity);
  } catch {
    // Killed before it had said whose it is, or just about to say so: its name tells as much as can be known.
    return identify(Number(pattern.exec(folder)?.[1])) !== undefined;
  }
}

function ownerFile(folder: string): string {
  return join(localFolder(folder), "owner.json");
}
