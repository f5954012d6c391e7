import { createHash, randomBytes } from "node:crypto";
import { MemoryStore } from "../../../../infra/drivers/store";
import { DyingStore } from "./dying-store";
import { manifestOf } from "./some-manifest";
import { decrypted } from "../../../../infra/engines/backup/encryption";
import { listArchives } from "../../../../infra/engines/backup";
import type { Manifest } from "../../../../infra/engines/backup/manifest";
import { rekeyArchive } from "../../../../infra/engines/backup/rekey";
import { Secret } from "../../../../infra/support";
import { collected, encrypt, newKeyPair, type KeyPair } from "./encryption/age-bytes";

const id = "20261121T030000Z-r7-ab12";
const archive = `tracker/${id}.archive.gz.age`;
const plain = randomBytes(200_000);
let old: KeyPair;
let next: KeyPair;
let recovery: KeyPair;

beforeAll(async () => {
  [old, next, recovery] = await Promise.all([newKeyPair(), newKeyPair(), newKeyPair()]);
});

async function filledStore(): Promise<DyingStore> {
  const store = new DyingStore();
  const bytes = await encrypt(plain, { recipients: [old.recipient, recovery.recipient] });
  const manifest = manifestOf({
    id,
    release: 7,
    encryption: { format: "age", recipients: [old.recipient, recovery.recipient], passphrase: false },
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  store.objects.set(archive, bytes);
  await store.put(`tracker/${id}.json`, JSON.stringify(manifest));
  return store;
}

const wanted = (store: MemoryStore) => ({
  store,
  id,
  keys: { identities: [old.identity] },
  encryption: { recipients: [next.recipient, recovery.recipient] },
});

async function readBy(store: MemoryStore, { identity }: { identity: Secret }): Promise<boolean> {
  const read = collected(decrypted(await store.read(archive), { identities: [identity] }));
  return read.then(
    (bytes) => bytes.equals(plain),
    () => false,
  );
}

describe("giving an archive to other readers", () => {
  it("opens it to them, closes it to the old ones, and its manifest follows", async () => {
    const store = await filledStore();
    const before = store.objects.get(archive);
    const summary = await rekeyArchive(wanted(store));
    expect(await Promise.all([old, next, recovery].map((one) => readBy(store, one)))).toEqual([
      false,
      true,
      true,
    ]);
    const [listed] = await listArchives(store);
    expect(listed).toEqual(summary);
    expect(listed?.sha256).not.toBe(
      createHash("sha256")
        .update(before ?? "")
        .digest("hex"),
    );
    const manifest = JSON.parse((await store.get(`tracker/${id}.json`)) ?? "") as Manifest;
    expect(manifest.encryption?.recipients).toEqual([next.recipient, recovery.recipient]);
    expect([...store.objects.keys()].sort()).toEqual([archive, `tracker/${id}.json`]);
    // The data behind the header is the same to the byte.
    const tail = (bytes: Buffer | undefined) => bytes?.subarray(-plain.length).toString("hex");
    expect(tail(store.objects.get(archive))).toBe(tail(before));
  });

  it("can put it into another store and leave the old one as it is", async () => {
    const store = await filledStore();
    const other = new MemoryStore();
    await rekeyArchive({ ...wanted(store), to: other });
    expect(await readBy(other, next)).toBe(true);
    expect(await readBy(store, old)).toBe(true);
    expect(await listArchives(other)).toHaveLength(1);
  });

  it("changes nothing when the key is another, or the archive was damaged at any place behind the header", async () => {
    const store = await filledStore();
    await expect(
      rekeyArchive({ ...wanted(store), keys: { identities: [next.identity] } }),
    ).rejects.toMatchObject({ code: "archive-key-wrong" });
    expect(await readBy(store, old)).toBe(true);
    const bytes = Buffer.from(store.objects.get(archive) ?? "");
    bytes[bytes.length - 9000] = (bytes[bytes.length - 9000] ?? 0) ^ 1;
    store.objects.set(archive, bytes);
    await expect(rekeyArchive(wanted(store))).rejects.toMatchObject({ code: "archive-damaged" });
    expect(store.objects.get(archive)).toBe(bytes);
  });

  it.each([`tracker/${id}.rekey.json`, archive, `tracker/${id}.json`])(
    "is finished or taken back by the next run when it dies at the write of %s",
    async (dyingAt) => {
      const store = await filledStore();
      store.dyingAt = dyingAt;
      await expect(rekeyArchive(wanted(store))).rejects.toThrow("killed");
      store.revive();
      const replaced = await readBy(store, next);
      expect(replaced).toBe(dyingAt === `tracker/${id}.json`);
      const key = replaced ? next.identity : old.identity;
      await rekeyArchive({ ...wanted(store), keys: { identities: [key] } });
      expect(await listArchives(store)).toHaveLength(1);
      expect(await readBy(store, next)).toBe(true);
      expect([...store.objects.keys()].sort()).toEqual([archive, `tracker/${id}.json`]);
    },
  );
});
