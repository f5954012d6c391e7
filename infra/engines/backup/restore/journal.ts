import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Collection, Db } from "mongodb";
import { restoreJournal } from "../../../support";
import { RestoreRunningError } from "./errors";
import type { SwitchPlan } from "./plan";

const processes = () => require("../../../drivers/processes") as typeof import("../../../drivers/processes");

/** loading: shadows fill; switching, undoing, confirming: steps of the plan are done; kept: it can be undone; in-place: nothing can. */
export type RestorePhase = "loading" | "switching" | "kept" | "undoing" | "confirming" | "in-place";

/** One restore, as it stands in the database that it changes: whatever happens to the one happens to the other. */
export interface JournalEntry {
  _id: string;
  phase: RestorePhase;
  archive: string;
  startedAt: Date;
  aliveAt: Date;
  owner: { run: string; host: string; pid: number; started: string };
  plan: SwitchPlan;
  /** How many steps of the phase were done for certain. */
  done: number;
  /** Of a restore in place: where everything that stood there is. */
  safety?: string;
  /** Restores in place that broke off: when this one is done the database is whole again, and they are over. */
  heals?: string[];
}

/** Of this process. */
const liveRuns = new Set<string>();

/** For what the next run does as well, where the server is gone. */
const briefMs = 2000;
const heartbeatMs = 10_000;
/** Of a process on another machine nothing else is known. */
const silentMs = 90_000;

/** The restores of a database that are on their way or can still be undone, oldest first. */
export class RestoreJournal {
  readonly #entries: Collection<JournalEntry>;
  readonly #run = randomBytes(4).toString("hex");

  constructor(private readonly db: Db) {
    this.#entries = db.collection<JournalEntry>(restoreJournal, { writeConcern: { w: "majority" } });
  }

  all(): Promise<JournalEntry[]> {
    return this.#entries.find().sort({ startedAt: 1, _id: 1 }).toArray();
  }

  /** Written before the first collection is. */
  async begin(
    phase: "loading" | "in-place",
    archive: string,
    more: Pick<JournalEntry, "safety" | "heals"> = {},
  ): Promise<JournalEntry> {
    const now = new Date();
    const entry: JournalEntry = {
      _id: randomBytes(4).toString("hex"),
      phase,
      archive,
      startedAt: now,
      aliveAt: now,
      owner: this.#self(),
      plan: { steps: [], undo: [], confirm: [] },
      done: 0,
      ...more,
    };
    await this.#entries.insertOne(entry);
    return entry;
  }

  /** One entry, one run: whoever was faster has it. */
  async takeOver(entry: JournalEntry): Promise<void> {
    if (entry.phase !== "kept" && isAlive(entry)) throw new RestoreRunningError(this.db.databaseName, entry);
    const mine = { owner: this.#self(), aliveAt: new Date() };
    const seen = { _id: entry._id, phase: entry.phase, "owner.run": entry.owner.run };
    const { matchedCount } = await this.#entries.updateOne(seen, { $set: mine });
    if (matchedCount === 0) throw new RestoreRunningError(this.db.databaseName, entry);
    Object.assign(entry, mine);
  }

  async set(entry: JournalEntry, change: Partial<JournalEntry>): Promise<void> {
    const all = { ...change, aliveAt: new Date() };
    const { matchedCount } = await this.#entries.updateOne(
      { _id: entry._id, "owner.run": this.#run },
      { $set: all },
    );
    if (matchedCount === 0) throw new RestoreRunningError(this.db.databaseName, entry);
    Object.assign(entry, all);
  }

  /** Before it is over itself: a run killed in between must not leave them as they were. */
  async heal({ heals = [] }: JournalEntry): Promise<void> {
    if (heals.length > 0) await this.#entries.deleteMany({ _id: { $in: heals } });
  }

  /** The collection goes with its last entry. */
  async end(entry: JournalEntry): Promise<void> {
    await this.#entries.deleteOne({ _id: entry._id });
    if ((await this.#entries.countDocuments({}, { limit: 1 })) === 0) await this.#entries.drop();
  }

  /** Whether the server still answers: where it does not, all that is left to do is the next run's. */
  answers(): Promise<boolean> {
    return this.db.command({ ping: 1 }, { timeoutMS: briefMs }).then(
      () => true,
      () => false,
    );
  }

  /** What this run leaves is nobody's, though its process goes on; where that fails it stays its own until it ends. */
  async release(): Promise<void> {
    const nobody = { "owner.pid": 0, "owner.started": "" };
    await this.#entries
      .updateMany({ "owner.run": this.#run }, { $set: nobody }, { timeoutMS: briefMs, hint: { _id: 1 } })
      .catch(() => undefined);
  }

  /** Others see that this run lives until the work is done. */
  async whileAlive<T>(entry: JournalEntry, work: () => Promise<T>): Promise<T> {
    liveRuns.add(this.#run);
    const beat = () =>
      void this.#entries
        .updateOne({ _id: entry._id }, { $set: { aliveAt: new Date() } })
        .catch(() => undefined);
    const heartbeat = setInterval(beat, heartbeatMs);
    try {
      return await work();
    } finally {
      clearInterval(heartbeat);
      liveRuns.delete(this.#run);
    }
  }

  #self(): JournalEntry["owner"] {
    const self = processes().identify(process.pid) ?? { pid: process.pid, started: "" };
    return { run: this.#run, host: hostname(), ...self };
  }
}

function isAlive({ owner, aliveAt }: JournalEntry): boolean {
  if (owner.pid === 0) return false;
  if (owner.host === hostname() && owner.pid === process.pid) return liveRuns.has(owner.run);
  if (owner.host === hostname()) return processes().isRunning(owner);
  return Date.now() - aliveAt.getTime() < silentMs;
}
