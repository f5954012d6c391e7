import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { restoreArchive, takeBackup } from "../../../../../infra/engines/backup";
import { Secret } from "../../../../../infra/support";
import { describeWith } from "../../../../harness/tools";
import { hashesOf } from "../everything";

const uri = process.env.TEST_MONGODB_URI ?? "";
const name = "backup_without_us";
const address = { uri, name, credentials: "none" } as const;

let client: MongoClient;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  folder = await mkdtemp(join(tmpdir(), "dnd-without-"));
  await client.db(name).dropDatabase();
  await client
    .db(name)
    .collection("heroes")
    .insertMany([{ name: "Ada" }, { name: "Bo" }]);
});
beforeEach(() => client.db(`${name}_copy`).dropDatabase());
afterAll(async () => {
  for (const one of [name, `${name}_copy`]) await client.db(one).dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

/** A line of the guide, with the names of this test. */
function line(text: string, variables: NodeJS.ProcessEnv): void {
  const env = { ...process.env, ...variables };
  const { status, stderr } = spawnSync("bash", ["-o", "pipefail", "-c", text], {
    env,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`${text} ended with ${String(status)}: ${stderr}`);
}

async function key(): Promise<{ file: string; recipient: string }> {
  const file = join(folder, "key.txt");
  await rm(file, { force: true });
  const made = spawnSync("age-keygen", ["-o", file], { encoding: "utf8" });
  const [recipient = ""] = /age1\w+/.exec(made.stderr) ?? [];
  return { file, recipient };
}

const taken = async (preset: "fast" | "default", recipient: string) => {
  const encryption = { recipients: [recipient] };
  const wanted = { address, store: folder, environment: "development", release: 1, preset, encryption };
  const { id } = await takeBackup(wanted);
  return join(folder, name, `${id}.archive.${preset === "fast" ? "zst" : "gz"}.age`);
};

describeWith(
  "age",
  "age-keygen",
  "zstd",
  "mongorestore",
)("an encrypted archive without this program", () => {
  test.each([
    ["fast", `age -d -i "$KEY" "$ARCHIVE" | zstd -dc | mongorestore --archive`],
    ["default", `age -d -i "$KEY" "$ARCHIVE" | mongorestore --archive --gzip`],
  ] as const)("is restored by the guide's one line, of the preset %s", async (preset, restore) => {
    const { file, recipient } = await key();
    const ARCHIVE = await taken(preset, recipient);
    const elsewhere = `--uri="$SERVER" --nsFrom='${name}.*' --nsTo='${name}_copy.*'`;
    line(`${restore} ${elsewhere}`, { KEY: file, ARCHIVE, SERVER: uri });
    expect(await hashesOf(client.db(`${name}_copy`))).toEqual(await hashesOf(client.db(name)));
  });
});

describeWith(
  "age",
  "age-keygen",
  "mongodump",
)("an archive that mongodump made and age encrypted", () => {
  test("is restored by us", async () => {
    const { file, recipient } = await key();
    const path = join(folder, "theirs.archive.gz.age");
    const dump = `mongodump --uri="$SERVER" --db=${name} --archive --gzip | age -r "$RECIPIENT" -o "$ARCHIVE"`;
    line(dump, { SERVER: uri, RECIPIENT: recipient, ARCHIVE: path });
    const to = { ...address, name: `${name}_copy` };
    const keys = { identities: [new Secret(await readFile(file, "utf8"))] };
    expect(await restoreArchive({ path, to, keys })).toMatchObject({ documents: 2, written: true });
    expect(await hashesOf(client.db(to.name))).toEqual(await hashesOf(client.db(name)));
  });
});
