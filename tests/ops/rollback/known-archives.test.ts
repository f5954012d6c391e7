import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { proveArchive, takeBackup } from "../../../infra/engines/backup";
import { knownArchives } from "../../../ops/rollback/known-archives";
import type { Settings } from "../../../stacks/settings";

const name = "rollback_archives";
let folder: string;
let client: MongoClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-known-archives-"));
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  await client.db(name).collection("characters").insertOne({ name: "Mira" });
});
afterAll(async () => {
  await client.db(name).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

test("the archives of a rollback are those of the stores that answer, and of twins the sound one", async () => {
  const [store, copy, broken] = ["store", "copy", "broken"].map((one) => join(folder, one)) as [
    string,
    string,
    string,
  ];
  const address = { uri: process.env.TEST_MONGODB_URI ?? "", name, credentials: "none" } as const;
  const { id } = await takeBackup({ address, store, environment: "development", release: 3 });
  await cp(store, copy, { recursive: true });
  await writeFile(broken, "no folder");
  const archive = (await readdir(join(store, name))).find((one) => one.includes(".archive")) ?? "";
  const bytes = await readFile(join(store, name, archive));
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  await writeFile(join(store, name, archive), bytes);
  await expect(proveArchive(store, id, { kind: "checksum" })).rejects.toMatchObject({
    code: "archive-damaged",
  });

  const said: string[] = [];
  const settings = {
    backup: { store, copies: [broken, copy] },
    database: { name },
    environment: "development",
  } as unknown as Settings;
  const found = await knownArchives(settings, (line) => said.push(line));
  const alone = { ...settings, backup: { store, copies: [] as string[] } } as unknown as Settings;
  expect(await knownArchives(alone, () => undefined)).toMatchObject([{ id, damaged: true }]);
  expect(found).toMatchObject([{ id, store: copy, release: 3, damaged: false }]);
  expect(said).toEqual([expect.stringContaining(`the archives in ${broken} are not counted`)]);
});
