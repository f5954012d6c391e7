import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { BSON } from "mongodb";
import { restoreArchive, verifyArchive, type ArchiveSummary } from "../../../../infra/engines/backup";
import { Secret } from "../../../../infra/support";
import { blockEdges } from "./block-edges";
import { newKeyPair, type KeyPair } from "./encryption/age-bytes";
import { SmallDatabase } from "./small-database";

let small: SmallDatabase;
let keys: KeyPair;
let folder: string;

beforeAll(async () => {
  small = await SmallDatabase.open("backup_damaged_files");
  keys = await newKeyPair();
  folder = await mkdtemp(join(tmpdir(), "dnd-damaged-"));
});
beforeEach(async () => {
  await small.reset();
  await small.copy.collection("mine").insertOne({ kept: true });
});
afterAll(async () => {
  await small.close();
  await rm(folder, { recursive: true, force: true });
});

const target = () => ({ to: small.addressOf(small.copy), drop: true });

/** Nothing that stood there was touched, and nothing was left beside it. */
async function expectUntouched(): Promise<void> {
  expect((await small.copy.listCollections().toArray()).map(({ name }) => name)).toEqual(["mine"]);
  expect(await small.copy.collection("mine").countDocuments()).toBe(1);
}

/** With its manifest beside it, and as a file of anybody's. */
async function expectRefused(
  archive: ArchiveSummary,
  bytes: Buffer,
  code = "archive-damaged",
  given: { keys?: { identities: Secret[]; passphrase?: Secret } } = {},
): Promise<void> {
  const name = archive.location.slice(archive.location.indexOf("/") + 1);
  small.store.objects.set(name, bytes);
  const path = join(folder, "foreign");
  await writeFile(path, bytes);
  const { store } = small;
  await expect(verifyArchive(store, archive.id, given)).rejects.toMatchObject({ code });
  for (const source of [{ store, id: archive.id }, { path }])
    await expect(restoreArchive({ ...source, ...target(), ...given })).rejects.toMatchObject({ code });
  await expectUntouched();
}

const bytesOf = ({ location }: ArchiveSummary) =>
  small.store.objects.get(location.slice(location.indexOf("/") + 1)) ?? Buffer.alloc(0);

test("an archive cut off at an edge of each kind is refused, before anything is touched", async () => {
  const archive = await small.take({ preset: "none" });
  const kinds = new Map(blockEdges(bytesOf(archive)).map(({ at, kind }) => [kind, at]));
  const whole = bytesOf(archive);
  expect([...kinds.keys()]).toHaveLength(8);
  for (const at of kinds.values()) await expectRefused(archive, whole.subarray(0, at));
});

test.each([
  ["plain", { preset: "none" }],
  ["gzip", { preset: "default" }],
  ["zstd", { preset: "fast" }],
  ["encrypted", { preset: "fast", encrypted: true }],
] as const)("two %s archives glued together are refused", async (_kind, how) => {
  const encryption = "encrypted" in how ? { recipients: [keys.recipient] } : undefined;
  const [first, second] = [
    await small.take({ preset: how.preset, encryption }),
    await small.take({ preset: how.preset, encryption, release: 2 }),
  ];
  const given = { keys: { identities: [keys.identity] } };
  await expectRefused(first, Buffer.concat([bytesOf(first), bytesOf(second)]), "archive-damaged", given);
});

describe("an encrypted archive", () => {
  test("is opened by no other key and no other passphrase", async () => {
    const other = await newKeyPair();
    const archive = await small.take({ encryption: { recipients: [keys.recipient] } });
    const bytes = bytesOf(archive);
    await expectRefused(archive, bytes, "archive-key-missing");
    const wrong = { keys: { identities: [other.identity] } };
    await expectRefused(archive, bytes, "archive-key-wrong", wrong);
    const passphrase = new Secret("speak friend");
    const locked = await small.take({ encryption: { passphrase, workFactor: 10 } });
    const guessed = { keys: { identities: [], passphrase: new Secret("mellon") } };
    await expectRefused(locked, bytesOf(locked), "archive-key-wrong", guessed);
    await expectRefused(locked, bytesOf(locked), "archive-key-missing");
    const opened = { identities: [], passphrase };
    expect(await verifyArchive(small.store, locked.id, { keys: opened })).toMatchObject({ id: locked.id });
  });
});

describe("an archive whose manifest", () => {
  test.each<[string, RegExp, string]>([
    ["names another database", /"database": "[^"]*"/, '"database": "another"'],
    ["says another size", /\n "bytes": /, '\n "bytes": 1'],
    ["says other bytes of a collection", /("documents": 2,\s+"bytes": )(\d)/, "$11$2"],
    ["counts other documents in all", /\n "documents": 2/, '\n "documents": 3'],
    ["says another content digest", /"digest": "0{31}/, '"digest": "1000000000000000000000000000000'],
    ["says another type", /"type": "collection"/, '"type": "view"'],
    ["says that it is not encrypted as it is", /"encryption": null/, '"encryption": {"format":"age"}'],
  ])("%s is refused", async (_lie, pattern, lie) => {
    const archive = await small.take();
    small.change(small.nameOf(archive, "json"), (bytes) => {
      const changed = bytes.toString().replace(pattern, lie);
      expect(changed).not.toBe(bytes.toString());
      return Buffer.from(changed);
    });
    const code = expect.stringMatching(/^archive-(damaged|missing)$/) as string;
    await expect(verifyArchive(small.store, archive.id)).rejects.toMatchObject({ code });
    await expect(restoreArchive({ store: small.store, id: archive.id, ...target() })).rejects.toMatchObject({
      code,
    });
    await expectUntouched();
  });
});

describe("what a later checkout wrote is told apart from damage", () => {
  test("in an archive's own format", async () => {
    const archive = await small.take();
    const plain = gunzipSync(bytesOf(archive));
    const length = plain.readInt32LE(4);
    const header = BSON.deserialize(plain.subarray(4, 4 + length), { promoteValues: false });
    const later = (version: string) =>
      gzipSync(
        Buffer.concat([
          plain.subarray(0, 4),
          BSON.serialize({ ...header, version }),
          plain.subarray(4 + length),
        ]),
      );
    await expectRefused(archive, later("0.2"), "archive-newer");
    await expectRefused(archive, later("1.0"), "archive-newer");
    await expectRefused(archive, later("none"), "archive-damaged");
  });

  test("in a manifest that lies beside a file", async () => {
    const archive = await small.take();
    const path = join(folder, `${archive.id}.archive.gz`);
    await writeFile(path, bytesOf(archive));
    const manifest = (await small.store.get(small.nameOf(archive, "json"))) ?? "";
    const beside = join(folder, `${archive.id}.json`);
    await writeFile(beside, manifest.replace('"documentVersion": 1', '"documentVersion": 2'));
    const restored = restoreArchive({ path, ...target() });
    await expect(restored).rejects.toMatchObject({ code: "archive-newer" });
    await expectUntouched();
    await writeFile(beside, manifest);
    expect(await restoreArchive({ path, ...target() })).toMatchObject({ written: true });
  });
});
