import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { pruneArchives } from "../../../infra/engines/backup";
import { S3Store } from "../../../infra/drivers/store/s3";
import { startS3Server, type S3Server } from "../../harness/s3-server";
import { describeWith } from "../../harness/tools";
import { dnd } from "../dnd";

const name = "backup_s3_long";
const uri = process.env.TEST_MONGODB_URI ?? "";

interface Said {
  code: number | null;
  text: string;
  [key: string]: unknown;
}

describeWith("versitygw")("every action of dnd backup on an s3:// store", () => {
  let server: S3Server;
  let client: MongoClient;
  let folder: string;
  let stores: string[];
  beforeAll(async () => {
    [server, client, folder] = await Promise.all([
      startS3Server(),
      MongoClient.connect(uri),
      mkdtemp(join(tmpdir(), "dnd-backup-s3-")),
    ]);
    await server.lockable("first");
    stores = ["--db", name, "--store", "s3://lockable/first", "--store", "s3://archives/second"];
  }, 30_000);
  beforeEach(async () => {
    await client.db(name).dropDatabase();
    await client
      .db(name)
      .collection("heroes")
      .insertMany([{ name: "Ada" }, { name: "Bo" }]);
  });
  afterAll(async () => {
    for (const one of [name, `${name}_copy`, `${name}_locked`]) await client.db(one).dropDatabase();
    await client.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const environment = (more: NodeJS.ProcessEnv = {}) => ({
    DND_DIR: join(folder, "home"),
    MONGODB_URI: uri,
    MONGODB_DB_NAME: name,
    S3_ENDPOINT: server.endpoint,
    S3_ACCESS_KEY_ID: "test-key",
    S3_SECRET_ACCESS_KEY: "test-secret",
    ...more,
  });

  async function backup(args: string[], more: NodeJS.ProcessEnv = {}): Promise<Said> {
    const { code, stdout, stderr } = await dnd(["backup", ...stores, ...args, "--json"], environment(more));
    const document = stdout.startsWith("{") ? (JSON.parse(stdout) as object) : {};
    return { ...document, code, text: stdout + stderr };
  }

  const create = async (...args: string[]) => String((await backup(["create", ...args])).id);
  const second = () => new S3Store(server.place("second"));
  const firstStore = async () => new S3Store(await server.lockable("first"));

  test("create, list, show, verify and the restore test", async () => {
    const id = await create("--environment", "staging");
    expect(await backup(["show", "latest"])).toMatchObject({ code: 0, manifest: { id }, latest: true });
    expect(await backup(["verify", id])).toMatchObject({ code: 0, verification: { ok: true } });
    expect(await backup(["verify", id, "--restore-test", "--server", uri])).toMatchObject({
      code: 0,
      verification: { kind: "restore", ok: true },
    });
    expect(await backup(["list", "--environment", "staging"])).toMatchObject({
      code: 0,
      agree: true,
      archives: [{ id, stores: [expect.stringContaining("first"), expect.stringContaining("second")] }],
    });
  });

  test("show tells until when the archive and its manifest are locked, and by a hold", async () => {
    const locked = ["--db", `${name}_locked`, "--store", "s3://lockable/shown?lock=governance&lock-days=2"];
    const locking = (args: string[]) => dnd(["backup", ...locked, ...args], environment());
    await client.db(`${name}_locked`).collection("heroes").insertOne({ name: "Ada" });
    const { id } = JSON.parse((await locking(["create", "--json"])).stdout) as { id: string };
    const { locks } = JSON.parse((await locking(["show", id, "--json"])).stdout) as {
      locks: Record<"archive" | "manifest", { by: string; until: string }>;
    };
    for (const { by, until } of Object.values(locks)) {
      expect(by).toBe(`a lock until ${until}`);
      expect(Date.parse(until) - Date.now()).toBeGreaterThan(24 * 3_600_000);
    }
    expect((await locking(["show", id])).stdout).toContain(`by ${locks.archive.by}`);

    // Of an environment of its own: the newest one there, which a later prune keeps.
    const plain = await create("--environment", "production");
    expect(await backup(["show", plain])).toMatchObject({ locks: { archive: null, manifest: null } });
    await backup(["hold", plain, "--reason", "the audit"]);
    expect(await backup(["show", plain])).toMatchObject({ locks: { archive: { by: "a legal hold" } } });
    await backup(["release-hold", plain]);
  }, 180_000);

  test("hold sets a legal hold where the bucket has that and says where it has not; prune keeps the archive and names it", async () => {
    const held = await create();
    await create();
    expect(await backup(["hold", held, "--reason", "the audit"])).toMatchObject({
      code: 0,
      stores: [
        { lock: "set", why: null },
        { lock: "none", why: expect.stringMatching(/object lock/i) },
      ],
    });
    const objects = await (await firstStore()).list();
    const archive = objects.find((one) => one.name.includes(held) && one.name.includes(".archive"));
    expect(await (await firstStore()).lockOf(archive?.name ?? "")).toMatchObject({ by: "a legal hold" });
    expect(await backup(["release-hold", held])).toMatchObject({ released: { reason: "the audit" } });
    expect(await (await firstStore()).lockOf(archive?.name ?? "")).toBeUndefined();

    // Somebody else's hold, which no note tells of.
    await (await firstStore()).setHold(archive?.name ?? "", true);
    const { archives } = await pruneArchives({
      store: await firstStore(),
      rules: { days: 1 },
      needed: { ids: [], releases: [] },
      now: new Date(Date.now() + 10 * 24 * 3_600_000),
    });
    expect(archives.find(({ id }) => id === held)).toMatchObject({
      outcome: "spared",
      reasons: expect.arrayContaining([expect.stringContaining("stands under a legal hold")]),
    });
    expect((await (await firstStore()).list()).filter((one) => one.name.includes(held))).toHaveLength(2);
    await (await firstStore()).setHold(archive?.name ?? "", false);
  });

  test("a lost copy is told by list --check and made again by copy; a lost first is read from the copy and made again", async () => {
    const id = await create();
    const remove = async (store: S3Store) => {
      for (const one of await store.list()) if (one.name.includes(id)) await store.delete(one.name);
    };
    await remove(second());
    expect(await backup(["list"])).toMatchObject({ code: 0, agree: false });
    expect(await backup(["list", "--check"])).toMatchObject({ code: 1 });
    const copied = await backup(["copy"]);
    expect(copied).toMatchObject({ code: 0 });
    expect(copied.copies).toEqual(
      expect.arrayContaining([expect.objectContaining({ id, outcome: "copied" })]),
    );
    await remove(await firstStore());
    const restored = await backup(["restore", id, "--to-db", `${name}_copy`, "--force"]);
    expect(restored).toMatchObject({
      code: 0,
      text: expect.stringContaining("taken from s3://archives/second"),
    });
    expect(await backup(["copy", id])).toMatchObject({ code: 0, copies: [{ id, outcome: "copied" }] });
    expect(await backup(["list", "--check"])).toMatchObject({ code: 0, agree: true });
  });

  test("a copy to a service that is gone fails loudly and takes nothing from the archive", async () => {
    const away = "s3://archives/x?endpoint=http://127.0.0.1:9";
    const created = await backup(["create", "--store", away]);
    expect(created).toMatchObject({
      code: 0,
      text: expect.stringContaining("NO COPY in s3://archives/x?endpoint="),
    });
    expect(created.copies).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ outcome: "failed", store: expect.stringContaining(":9") }),
      ]),
    );
    expect(await backup(["copy", "--to", away])).toMatchObject({ code: 1 });
  }, 180_000);

  test("rekey reaches every copy: the old reader opens none of them", async () => {
    const { generateIdentity, identityToRecipient } = await import("age-encryption");
    const [old, other] = [await generateIdentity(), await generateIdentity()];
    const id = await create("--recipient", await identityToRecipient(old));
    const recipient = await identityToRecipient(other);
    const rekeyed = await backup(["rekey", id, "--recipient", recipient, "--yes"], {
      DND_BACKUP_IDENTITY: old,
    });
    expect(rekeyed).toMatchObject({ code: 0, old: [] });
    for (const store of ["s3://lockable/first", "s3://archives/second"]) {
      const verify = (identity: string) =>
        dnd(
          ["backup", "verify", id, "--store", store, "--db", name],
          environment({ DND_BACKUP_IDENTITY: identity }),
        );
      expect((await verify(old)).code).not.toBe(0);
      expect((await verify(other)).code).toBe(0);
    }
    expect(await backup(["list", "--check"])).toMatchObject({ agree: true });
  });
});
