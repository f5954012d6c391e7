import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import type { MongoMemoryReplSet, MongoMemoryServer } from "mongodb-memory-server-core";
import { restoreArchive, restoreState, takeBackup, verifyArchive } from "../../../../infra/engines/backup";
import { OperatorError, waitFor } from "../../../../infra/support";
import { startThreeMembers } from "../../../harness/three-members";
import { BusyStore } from "./busy-store";
import { hashesOf } from "./everything";

// Three real servers, of which one is taken away in the middle of the work: the others choose a new primary.
const name = "failover";
const nothing = () => Promise.resolve();

let set: MongoMemoryReplSet;
let client: MongoClient;
let uri: string;
let killed: MongoMemoryServer | undefined;

beforeAll(async () => {
  set = await startThreeMembers(name);
  uri = set.getUri();
  client = await MongoClient.connect(uri, { writeConcern: { w: 3 } });
  // Several batches, so that what is read or written next comes after the servers have chosen.
  const heroes = Array.from({ length: 4000 }, (_, n) => ({ n, story: randomBytes(1000) }));
  await client.db(name).collection("heroes").insertMany(heroes);
  await client.db(name).collection("items").insertMany(heroes.slice(0, 100));
}, 180_000);
afterEach(async () => {
  await killed?.stop({ doCleanup: false, force: false });
  await killed?.start(true);
  killed = undefined;
  // Waits for all three.
  await client.db("failover_copy").dropDatabase();
}, 120_000);
afterAll(async () => {
  await client.close();
  await set.stop();
}, 60_000);

const address = (database: string) => ({ uri, name: database, credentials: "none" }) as const;
const take = (store: BusyStore) =>
  takeBackup({ address: address(name), store, environment: "staging", release: 1, preset: "none" });

async function primary(): Promise<string> {
  const { me, isWritablePrimary } = await client.db("admin").command({ hello: 1 });
  return isWritablePrimary ? String(me) : "";
}

async function otherThan(old: string): Promise<void> {
  const chosen = async () => {
    const now = await primary().catch(() => "");
    return now !== "" && now !== old ? true : undefined;
  };
  await waitFor(chosen, { what: "another primary", timeoutMs: 60_000, intervalMs: 100 });
}

async function stepDown(): Promise<void> {
  const old = await primary();
  // The server may close the connection before it answers.
  await client.db("admin").command({ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 10 }).catch(nothing);
  await otherThan(old);
}

async function killPrimary(): Promise<void> {
  const old = await primary();
  killed = set.servers.find((one) => old.endsWith(`:${one.instanceInfo?.port}`));
  const pid = killed?.instanceInfo?.instance.mongodProcess?.pid;
  if (pid === undefined) throw new Error(`no process listens at ${old}`);
  process.kill(pid, "SIGKILL");
  await otherThan(old);
}

// Whoever has stepped down is not chosen again for a minute: a server that is killed then would leave no other.
describe.each([
  ["is killed", killPrimary],
  ["steps down", stepDown],
] as const)("a primary that %s", (_what, takeAway) => {
  test("in the middle of a dump costs no archive: it is a whole one of the new primary", async () => {
    const store = new BusyStore((dump) => (dump === 1 ? takeAway() : nothing()));
    const archive = await take(store);
    expect(await verifyArchive(store, archive.id)).toMatchObject({ verified: true, documents: 4100 });
    expect([...store.objects.keys()]).toHaveLength(3);
    await restoreArchive({ store, id: archive.id, to: address("failover_copy") });
    expect(await hashesOf(client.db("failover_copy"))).toMatchObject(await hashesOf(client.db(name)));
  }, 180_000);

  test("in the middle of a restore leaves it done or the old data in place, and the next one succeeds", async () => {
    const store = new BusyStore(nothing);
    const { id } = await take(store);
    const db = client.db("failover_copy");
    await db.collection("heroes").insertOne({ mine: true });
    const to = address("failover_copy");
    const archive = store.objects.get(`${name}/${id}.archive`) ?? Buffer.alloc(0);
    const first = await restoreArchive({ bytes: interrupted(archive, takeAway), to, drop: true }).catch(
      (error: unknown) => error,
    );
    if (first instanceof Error) {
      expect(first).toBeInstanceOf(OperatorError);
      expect(first).toMatchObject({ code: "restore-database-lost" });
      expect(await db.collection("heroes").findOne({ mine: true })).not.toBeNull();
    }
    expect(await restoreArchive({ store, id, to, drop: true })).toMatchObject({ written: true });
    expect((await restoreState(to)).at(-1)).toMatchObject({ phase: "kept" });
    expect(await hashesOf(db)).toMatchObject(await hashesOf(client.db(name)));
  }, 180_000);
});

/** In the middle of its documents. */
async function* interrupted(archive: Buffer, inTheMiddle: () => Promise<void>): AsyncGenerator<Buffer> {
  const half = archive.length >> 1;
  yield archive.subarray(0, half);
  await inTheMiddle();
  yield archive.subarray(half);
}
