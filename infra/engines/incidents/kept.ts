import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { Db } from "mongodb";
import { withFileLock } from "../../drivers/files";
import { localFolder } from "../../support";
import { begun, type IncidentBeginning } from "./begun";
import { NoIncidentError } from "./errors";
import { keptIncident, type Incident, type KeptIncident, type TimelineEntry } from "./incident";
import { insert, openIncidents } from "./journal";

type NewEntry = Omit<TimelineEntry, "at" | "by">;

/**
 * A file below the local folder with the open incidents of a stack: what is noted while the database is away stands
 * here alone until it is back.
 */
export class KeptIncidents {
  readonly #file: string;

  constructor(about: string) {
    this.#file = join(localFolder("incidents"), `${about.replace(/[^\w.-]/g, "-")}.json`);
  }

  /** What is kept here. */
  async read(): Promise<KeptIncident[]> {
    try {
      return keptIncident.array().parse(JSON.parse(await readFile(this.#file, "utf8")));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  /** Begins an incident that the database will learn of later. */
  async start(beginning: IncidentBeginning): Promise<KeptIncident> {
    const kept: KeptIncident = { _id: null, ...begun(beginning) };
    await this.#change((all) => [...all, kept]);
    return kept;
  }

  /** Adds to one that is open. */
  async add(key: string, entry: NewEntry, at = new Date()): Promise<KeptIncident> {
    const full = { at, by: userInfo().username, ...entry };
    return this.#changeOpen(key, (one) => ({ ...one, timeline: [...one.timeline, full] }));
  }

  /** Closes one that is open. */
  async close(key: string, text: string, at = new Date()): Promise<KeptIncident> {
    const entry = { at, by: userInfo().username, kind: "closed", text };
    return this.#changeOpen(key, (one) => ({ ...one, closedAt: at, timeline: [...one.timeline, entry] }));
  }

  /** Gives the database what it missed, each thing once, and keeps a copy of what is open there. Answers how much it missed. */
  async merge(ops: Db): Promise<number> {
    let missed = 0;
    await this.#change(async (all) => {
      for (const kept of all) missed += await tell(ops, kept);
      return openIncidents(ops);
    });
    return missed;
  }

  async #changeOpen(key: string, change: (open: KeptIncident) => KeptIncident): Promise<KeptIncident> {
    let changed: KeptIncident | undefined;
    await this.#change((all) => {
      const open = all.find((one) => one.key === key && one.closedAt === null);
      if (!open) throw new NoIncidentError(undefined);
      changed = change(open);
      return all.map((one) => (one === open && changed ? changed : one));
    });
    if (!changed) throw new NoIncidentError(undefined);
    return changed;
  }

  async #change(change: (all: KeptIncident[]) => KeptIncident[] | Promise<KeptIncident[]>): Promise<void> {
    await mkdir(localFolder("incidents"), { recursive: true, mode: 0o700 });
    await withFileLock(`${this.#file}.lock`, { what: "writing an incident", waitMs: 10_000 }, async () => {
      const before = await this.read();
      const after = await change(before);
      if (before.length === 0 && after.length === 0) return;
      await writeFile(`${this.#file}.new`, JSON.stringify(after, null, 2), { mode: 0o600 });
      await rename(`${this.#file}.new`, this.#file);
    });
  }
}

/** Entries that the database has are the same moment and the same words. */
async function tell(ops: Db, { _id, ...kept }: KeptIncident): Promise<number> {
  const incidents = ops.collection<Incident>("incidents");
  const there = (await incidents.find({}).toArray()).find(({ key }) => key === kept.key);
  if (!there) {
    await insert(ops, kept);
    return 1;
  }
  const idOf = ({ at, text }: TimelineEntry) => `${at.toISOString()} ${text}`;
  const known = new Set(there.timeline.map(idOf));
  const missing = kept.timeline.filter((one) => !known.has(idOf(one)));
  const closedAt = there.closedAt ?? kept.closedAt;
  if (missing.length > 0)
    await incidents.updateOne(
      { _id: there._id },
      { $push: { timeline: { $each: missing, $sort: { at: 1 } } }, $set: { closedAt } },
    );
  return missing.length;
}
