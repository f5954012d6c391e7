import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionString, readLocalCredentials } from "../../../../infra/drivers/mongo";
import {
  beginLoginRotation,
  endLoginRotation,
  ensureLocalMongo,
  formerUsers,
  stopLocalMongo,
} from "../../../../infra/engines/database";
import { MongoClient } from "mongodb";

let home: string;
let folder: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "dnd-rotate-"));
  process.env.DND_DIR = home;
  folder = join(home, "mongo");
});
afterAll(async () => {
  await stopLocalMongo(folder);
  delete process.env.DND_DIR;
  await rm(home, { recursive: true, force: true });
});

async function logsIn(uri: string): Promise<boolean> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    await client.connect();
    await client
      .db("tracker")
      .collection("heroes")
      .findOne({ _id: 1 as never });
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}

test("old and new users work side by side until the old ones are given up, whenever a run is killed", async () => {
  const { address, appUri } = await ensureLocalMongo({ folder, database: "tracker" });
  const before = appUri.reveal();
  const today = await readFile(join(folder, "credentials.json"), "utf8");

  await beginLoginRotation({ folder, address });
  const after = (await connectionString(address, "app")).reveal();
  expect(after).not.toBe(before);
  expect([await logsIn(before), await logsIn(after)]).toEqual([true, true]);

  // Begun twice there is one rotation.
  await beginLoginRotation({ folder, address });
  expect((await connectionString(address, "app")).reveal()).toBe(after);

  // As a kill leaves it after the users were made, and before anybody uses them.
  const next = await readFile(join(folder, "credentials.json"), "utf8");
  await writeFile(join(folder, "credentials.next.json"), next, { mode: 0o600 });
  await writeFile(join(folder, "credentials.json"), today, { mode: 0o600 });
  await beginLoginRotation({ folder, address });
  expect((await connectionString(address, "app")).reveal()).toBe(after);
  expect(await formerUsers(folder)).toEqual(["admin", "app", "migration", "backup"]);

  expect(await endLoginRotation({ folder, address })).toEqual(["admin", "app", "migration", "backup"]);
  expect([await logsIn(before), await logsIn(after)]).toEqual([false, true]);
  expect(await endLoginRotation({ folder, address })).toEqual([]);

  // The next start finds everything in order, and the rotation after this one has another number.
  expect((await ensureLocalMongo({ folder, database: "tracker" })).appUri.reveal()).toBe(after);
  await beginLoginRotation({ folder, address });
  expect((await readLocalCredentials(folder))?.app.user).toBe("app-3");
}, 120_000);
