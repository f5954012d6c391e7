import { Collection, type Db, type MongoClient } from "mongodb";
import { MigrationMisuseError } from "./errors";
import { refuse, refuseMethod, refuseReserved, tracked, type Guard } from "./guard";
import { allowedOf, writeOfCommand, type Allowed } from "./guarded-methods";

/** The app's database as a migration gets it: nothing passes by the transaction, the lock or the deadline. */
export function guardDatabase(db: Db, guard: Guard): Db {
  return new Proxy(db, {
    get(target, name: string) {
      if (name === "collection") {
        return (collection: string) => guardCollection(target.collection(collection), guard);
      }
      if (name === "command") return (command: object) => runCommand(target, command, guard);
      return guardMethod(target, name, allowedOf(target, guard), guard);
    },
  });
}

/** The connection as files for migrate-mongo get it: other databases are guarded too, and it stays open. */
export function guardClient(client: MongoClient, guard: Guard, db: Db): MongoClient {
  return new Proxy(client, {
    get(target, name: string) {
      if (name === "db") {
        return (other?: string) => guardDatabase(target.db(other ?? db.databaseName), guard);
      }
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== "function") return value;
      if ((name === "startSession" || name === "withSession") && !guard.session) return value.bind(target);
      return () => refuseMethod(guard, name);
    },
  });
}

function guardCollection(collection: Collection, guard: Guard): Collection {
  refuseReserved(guard, collection.collectionName);
  return new Proxy(collection, {
    get: (target, name: string) => guardMethod(target, name, allowedOf(target, guard), guard),
  });
}

function runCommand(db: Db, command: object, guard: Guard): Promise<unknown> {
  guard.check();
  const write = writeOfCommand(command, guard);
  const session = guard.session ? { session: guard.session } : {};
  const send = () => db.command({ ...command, comment: guard.comment }, session);
  if (!write) return tracked(guard, send());
  const sent = async (): Promise<unknown> => {
    const answered = await guard.beforeWrite({ ...write, method: "command", args: [command] });
    guard.check();
    const answer = await send();
    await answered?.(answer);
    return answer;
  };
  return tracked(guard, sent());
}

function guardMethod(
  target: Db | Collection,
  name: string,
  allowed: Record<string, Allowed>,
  guard: Guard,
): unknown {
  const value = Reflect.get(target, name, target) as unknown;
  if (typeof value !== "function") {
    if (name === "client") refuseMethod(guard, name);
    return value;
  }
  const method = allowed[name];
  if (method === undefined) return () => refuseMethod(guard, name);
  return (...given: unknown[]) => {
    guard.check();
    const args = Array.from({ length: Math.max(method.optionsAt + 1, given.length) }, (_, n) => given[n]);
    const options = (args[method.optionsAt] ?? {}) as object;
    const session = guard.session ? { session: guard.session } : {};
    args[method.optionsAt] = { comment: guard.comment, ...options, ...session };
    if (method.writes) return write(target, name, method.writes, value as Method, args, guard);
    const result = (value as Method).apply(target, args);
    return result instanceof Promise ? tracked(guard, result) : aggregated(target, name, args, guard, result);
  };
}

type Method = (...args: unknown[]) => unknown;

function write(
  target: Db | Collection,
  method: string,
  writes: NonNullable<Allowed["writes"]>,
  call: Method,
  args: unknown[],
  guard: Guard,
): Promise<unknown> {
  const names = writes(target, args);
  for (const name of names) refuseReserved(guard, name);
  const [collection = ""] = names;
  const one = { collection, method, args };
  return tracked(
    guard,
    (async () => {
      for (const name of names.slice(1)) await guard.beforeWrite({ collection: name, method, args: [] });
      const answered = await guard.beforeWrite(one);
      // The migration may have ended meanwhile, and its transaction with it.
      guard.check();
      const answer = await call.apply(target, one.args);
      await answered?.(answer);
      return answer instanceof Collection ? guardCollection(answer, guard) : answer;
    })(),
  );
}

/** A cursor cannot wait for anything before it starts: one that would write is refused. */
function aggregated(target: object, name: string, args: unknown[], guard: Guard, cursor: unknown): unknown {
  if (name !== "aggregate" || !(target instanceof Collection)) return cursor;
  const stages = Array.isArray(args[0]) ? (args[0] as object[]) : [];
  if (stages.some((stage) => "$out" in stage || "$merge" in stage)) {
    refuse(
      guard,
      new MigrationMisuseError(
        "it writes with $out or $merge",
        "Use `helpers.backfill`, or `db.command` with `idempotent: true`.",
      ),
    );
  }
  return cursor;
}
