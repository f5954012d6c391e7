import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { runMigrations, type RunOptions, type RunResult } from "../../../../infra/engines/migration";

/** A migration's file: the text of what it exports, without its version. */
export type Sources = Record<string, string>;

/** A database of its own and folders of migrations, for one suite. */
export interface Workshop {
  client: MongoClient;
  db: Db;
  ops: Db;
  address: { uri: string; name: string; credentials: "none" };
  /** Writes files into a new folder. */
  folder(sources: Sources): Promise<string>;
  /** Runs everything in a folder. */
  up(folder: string, more?: Partial<RunOptions>): Promise<RunResult>;
  /** Starts again from nothing. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a workshop on the tests' server. */
export async function openWorkshop(
  name: string,
  uri = process.env.TEST_MONGODB_URI ?? "",
): Promise<Workshop> {
  const client = await MongoClient.connect(uri);
  const db = client.db(name);
  const ops = client.db(`${name}_ops`);
  const address = { uri, name, credentials: "none" as const };
  const folders: string[] = [];
  const clear = async (): Promise<void> => {
    await db.dropDatabase();
    await ops.dropDatabase();
  };
  return {
    client,
    db,
    ops,
    address,
    async folder(sources) {
      const folder = await mkdtemp(join(tmpdir(), "dnd-migrations-"));
      folders.push(folder);
      for (const [file, text] of Object.entries(sources)) await writeMigration(folder, file, text);
      return folder;
    },
    up: (folder, more = {}) =>
      runMigrations({
        address,
        folder,
        phase: "all",
        release: null,
        progress: () => undefined,
        lock: { waitMs: 20_000 },
        ...more,
      }),
    clear,
    async close() {
      await clear();
      await client.close();
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

export async function writeMigration(folder: string, name: string, text: string): Promise<void> {
  const version = name.slice(0, 14);
  const content = `export default {
    version: "${version}",
    description: "what ${name} does",
    ${text}
  };\n`;
  await writeFile(join(folder, `${name}.ts`), content);
}

/** A migration that puts one document into `things`, and takes it away again. */
export function adds(id: string): string {
  return `async up({ db }) { await db.collection("things").insertOne({ _id: "${id}" }); },
    async down({ db }) { await db.collection("things").deleteOne({ _id: "${id}" }); },`;
}

/** What a promise was rejected with. */
export async function failureOf(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: Error & Record<string, unknown>) => error,
  );
}
