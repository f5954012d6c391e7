import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, isAbsolute } from "node:path";
import { openStore } from "../../drivers/store";
import { formatSize, localFolder } from "../../support";
import { fail, note, ok, warn, type Finding, type Gate } from "./gate";
import type { Site } from "./site";

const day = 86_400_000;
/** Beside the archive there must be room for the next one. */
const roomFor = 2;

/** The store takes writes, and an archive fits in it. */
const space: Gate = {
  name: "archive space",
  async look(site): Promise<Finding> {
    const { backup } = site.wishes;
    if (!backup) return note("backup.enabled is off: there is no way back from this release", "Turn it on.");
    if (backup.store === null) return ok("no bucket for archives is known here yet: `up` makes it");
    const store = openStore(backup.store, site.signal);
    const why = await store.whyNotWritable();
    if (why !== undefined) return fail(why, "Mend the store, or name another one in backup.store.");
    if (/^s3:/i.test(backup.store)) return ok(`${store.location} takes writes`);
    const needed = await archiveBytes(site);
    const { bavail, bsize } = await statfs(firstThere(folderOf(backup.store)));
    const free = bavail * bsize;
    const found = `${formatSize(free)} are free, an archive takes up to ${formatSize(needed)}`;
    if (free < needed) return fail(found, "Make room with `dnd backup prune`, or name a larger store.");
    return free < needed * roomFor ? warn(found, "Make room with `dnd backup prune`.") : ok(found);
  },
};

async function archiveBytes({ wishes: { address }, server, neighbours }: Site): Promise<number> {
  return address && server ? (await neighbours.estimateBackup(address)).bytes : 0;
}

function folderOf(store: string): string {
  return isAbsolute(store) ? store : localFolder(store);
}

/** A folder that is yet to be made lies on the disk of the first one above it that is there. */
function firstThere(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : firstThere(dirname(folder));
}

/** Somebody has lately restored an archive and found it whole. */
const restoreTest: Gate = {
  name: "last restore test",
  async look({ wishes, neighbours, now }): Promise<Finding> {
    const { backup, address, environment, rules } = wishes;
    if (!backup?.store || !address) return ok("there is nothing to restore yet");
    if (backup.restoreTest) return ok("this release restores its own archive");
    const archives = await neighbours.listDescribed(backup.store, { database: address.name, environment });
    if (archives.length === 0) return ok("there is no archive yet");
    const tests = archives
      .flatMap(({ id, verifications }) => verifications.map((one) => ({ ...one, id })))
      .filter(({ kind }) => kind === "restore")
      .sort((one, other) => other.at.localeCompare(one.at));
    const remedy = "Run `dnd backup verify latest --restore-test`.";
    const [newest] = tests;
    if (!newest) return warn(`none of ${archives.length} archives was ever restored for a test`, remedy);
    const days = Math.floor((now.getTime() - Date.parse(newest.at)) / day);
    const found = `${newest.id}, ${days} days ago`;
    if (!newest.ok)
      return fail(`${found}: it failed`, `Find out why before the archive is needed. ${remedy}`);
    return days * day > rules.restoreTestWithinMs ? warn(`${found}: too long ago`, remedy) : ok(found);
  },
};

export const archiveGates: readonly Gate[] = [space, restoreTest];
