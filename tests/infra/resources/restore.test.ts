import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { describeArchive, takeBackup } from "../../../infra/engines/backup";
import { writesSince } from "../../../infra/engines/release";
import type { LifecycleContext } from "../../../infra/resources/lifecycle";
import { lifecycle, type RestoreInputs } from "../../../infra/resources/restore";

let client: MongoClient;
let db: Db;
let folder: string;
let archive: string;
let before: NodeJS.ProcessEnv;

const address = () =>
  ({ uri: process.env.TEST_MONGODB_URI ?? "", name: "restore_resource", credentials: "none" }) as const;

beforeAll(async () => {
  before = { ...process.env };
  client = await MongoClient.connect(address().uri);
  db = client.db(address().name);
  folder = await mkdtemp(join(tmpdir(), "dnd-restore-resource-"));
  process.env.DND_DIR = folder;
});
beforeEach(async () => {
  await db.dropDatabase();
  await db.collection("characters").insertMany([{ name: "Mira" }, { name: "Odo" }]);
  ({ id: archive } = await takeBackup({
    ...{ address: address(), store: folder, environment: "development", release: 1 },
  }));
});
afterAll(async () => {
  process.env = before;
  await db.dropDatabase();
  await client.db(`${address().name}_ops`).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a plan would show to be lost. */
async function countedNow(): Promise<number> {
  const { manifest } = await describeArchive(folder, archive);
  return (await writesSince(address(), manifest.consistentAt)) ?? -1;
}

function asked(key: string, acceptedLoss: number | "unknown"): RestoreInputs {
  return {
    ...{ release: 2, address: address(), serving: { host: "local", app: "dnd-tracker" } },
    order: { key, archive, store: folder, acceptedLoss },
  };
}

function listening(onLine: (line: string) => void = () => undefined): {
  lines: string[];
  context: LifecycleContext;
} {
  const lines: string[] = [];
  const progress = (line: string) => {
    lines.push(line);
    onLine(line);
  };
  return { lines, context: { signal: new AbortController().signal, progress } };
}

describe("the resource Restore", () => {
  test("loses no more than was agreed to, and lets requests in again when it refuses", async () => {
    const agreed = await countedNow();
    await db.collection("characters").insertOne({ name: "Late" });
    const { lines, context } = listening();
    const refused = lifecycle.create(asked("restore-refused", agreed), context);
    await expect(refused).rejects.toMatchObject({ code: "restore-loses-more", kind: "refused" });
    expect(await db.collection("characters").countDocuments()).toBe(3);
    expect(lines.at(-1)).toBe("letting requests in again");
    const { outs } = await lifecycle.create(asked("restore-agreed", await countedNow()), context);
    expect(outs.restored).toMatchObject({ archive, documents: 2 });
    expect(await db.collection("characters").countDocuments()).toBe(2);
  });

  test("keeps requests out of a database that it left half, and out until one is whole", async () => {
    const { RestoreJournal } = await import("../../../infra/engines/backup/restore/journal");
    await new RestoreJournal(db).begin("in-place", archive, { safety: archive });
    const { lines, context } = listening();
    await expect(lifecycle.create(asked("restore-half", -1), context)).rejects.toMatchObject({
      code: "restore-loses-more",
    });
    expect(lines).not.toContain("letting requests in again");
    expect(lines.at(-1)).toMatch(/requests stay held back/);
  });
});
