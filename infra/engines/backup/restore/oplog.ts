import type { Db, Document } from "mongodb";
import { OperatorError, shadowName } from "../../../support";
import { insertRaw } from "../raw-insert";
import type { RawBatch } from "../raw-batches";
import { isUnauthorized } from "../server-failures";
import type { LoadedShadow } from "./loaded-shadows";
import { drop } from "./take-step";

const atOnce = 500;

interface Operation extends Document {
  op: string;
  ns: string;
  o: Document;
}

/** What was written while mongodump read: applied to the shadows, they are of one moment. */
export class OplogSlice {
  private constructor(
    private readonly db: Db,
    private readonly name: string,
  ) {}

  static async open(db: Db, id: string): Promise<OplogSlice> {
    // No collection of an archive has a name that begins so.
    const name = shadowName(id, ".oplog");
    await db.createCollection(name);
    return new OplogSlice(db, name);
  }

  add(batch: RawBatch): Promise<void> {
    return insertRaw(this.db, this.name, [batch]);
  }

  /** In the order in which they happened, and only those on the shadows. */
  async replay(shadows: ReadonlyMap<string, LoadedShadow>): Promise<void> {
    const entries = this.db.collection<Operation>(this.name).find(
      {},
      {
        sort: { $natural: 1 },
        promoteValues: false,
        promoteLongs: false,
      },
    );
    let waiting: Operation[] = [];
    for await (const entry of entries) {
      waiting.push(...operationsOf(entry, shadows, this.db));
      if (waiting.length < atOnce) continue;
      await this.#apply(waiting);
      waiting = [];
    }
    await this.#apply(waiting);
    await drop(this.db, this.name);
  }

  async #apply(operations: readonly Operation[]): Promise<void> {
    if (operations.length === 0) return;
    try {
      await this.db.admin().command({ applyOps: operations, alwaysUpsert: false });
    } catch (error) {
      throw isUnauthorized(error) ? new OplogNotPermittedError(this.db.databaseName, error) : error;
    }
  }
}

class OplogNotPermittedError extends OperatorError {
  constructor(database: string, cause: unknown) {
    super({
      code: "restore-oplog-not-permitted",
      kind: "refused",
      message: `the archive holds writes made while it was taken, and the user for migrations has not the right to replay them in ${database}: applyOps`,
      remedy:
        "Give that user a role with the action anyAction on anyResource for the time of the restore, or take an archive without an oplog. The old collections stand as they were.",
      cause,
    });
  }
}

function operationsOf(entry: Operation, shadows: ReadonlyMap<string, LoadedShadow>, db: Db): Operation[] {
  const op = String(entry.op);
  if (op === "c") {
    const inner = entry.o.applyOps as Operation[] | undefined;
    if (inner) return inner.flatMap((one) => operationsOf(one, shadows, db));
    const namespace = String(entry.ns).replace(/\.\$cmd$/, ".");
    if ([...shadows.keys()].some((key) => key.startsWith(namespace))) throw new OplogCommandError(entry);
    return [];
  }
  const shadow = shadows.get(String(entry.ns));
  if (!shadow || op === "n") return [];
  const { ui: _ui, ns: _ns, o, o2, ...rest } = entry;
  const bare: Operation = { op, ns: `${db.databaseName}.${shadow.name}`, o };
  if (o2 !== undefined) bare.o2 = o2 as unknown;
  if (rest.b !== undefined) bare.b = rest.b as unknown;
  return [bare];
}

class OplogCommandError extends OperatorError {
  constructor({ ns, o }: Operation) {
    super({
      code: "restore-oplog-command",
      kind: "refused",
      message: `collections were changed while the archive was taken: ${Object.keys(o)[0] ?? "a command"} in ${String(ns)}`,
      remedy: "Take an archive when nobody changes collections. The old collections stand as they were.",
    });
  }
}
