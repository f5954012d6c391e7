import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStore, MemoryStore, openStore } from "../../../../infra/drivers/store";
import { localFolder } from "../../../../infra/support";
import { describeUnless } from "../../../harness/tools";
import { promisesOfAStore } from "./contract";

const folders: string[] = [];

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "dnd-store-"));
  folders.push(made);
  return made;
}

afterAll(() => Promise.all(folders.map((one) => rm(one, { recursive: true, force: true }))));

promisesOfAStore(
  "a store in a folder",
  async () => new FolderStore(join(await folder(), "not", "there yet")),
);
promisesOfAStore("a store in memory", async () => new MemoryStore());

describe("a store in a folder", () => {
  test("is for its owner's eyes alone", async () => {
    const place = join(await folder(), "backups");
    const pending = await new FolderStore(place).create("db/one");
    await pending.write(Buffer.from("x"));
    await pending.commit();
    expect((await stat(join(place, "db", "one"))).mode & 0o777).toBe(0o600);
    expect((await stat(place)).mode & 0o777).toBe(0o700);
  });

  test("removes with an object what a killed run left of it", async () => {
    const place = await folder();
    const store = new FolderStore(place);
    const left = await store.create("db/one");
    await left.write(Buffer.from("x"));
    expect(await readdir(join(place, "db"))).toHaveLength(1);
    await store.delete("db/one");
    expect(await readdir(join(place, "db"))).toEqual([]);
    await left.abandon();
  });

  test("removes what a killed writer of a small object left a while ago, and nothing that is being written", async () => {
    const place = await folder();
    const store = new FolderStore(place);
    await store.put("db/one.json", "{}");
    const [old, fresh] = ["two.json.1.abcd.tmp", "three.json.1.abcd.tmp"].map((name) =>
      join(place, "db", name),
    );
    for (const path of [old, fresh]) await writeFile(path ?? "", "{");
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(old ?? "", anHourAgo, anHourAgo);
    await store.delete("db/none");
    expect((await readdir(join(place, "db"))).sort()).toEqual(["one.json", "three.json.1.abcd.tmp"]);
  });

  test("says when the disk is full, and leaves nothing that looks like an object", async () => {
    const place = await folder();
    const store = new FolderStore(place);
    await mkdir(join(place, "db"));
    // A device that is always full, in the place of the unfinished file.
    await symlink("/dev/full", join(place, "db", "one.partial"));
    const pending = await store.create("db/one");
    const written = pending.write(Buffer.alloc(1_000_000)).then(() => pending.commit());
    await expect(written).rejects.toMatchObject({ code: "store-full" });
    await pending.abandon();
    expect(await store.list()).toEqual([]);
  });

  test("says why it cannot be written, without writing", async () => {
    const place = await folder();
    await writeFile(join(place, "file"), "");
    expect(await new FolderStore(join(place, "file")).whyNotWritable()).toMatch(/file is not a folder/);
    expect(await new FolderStore(join(place, "file", "below")).whyNotWritable()).toMatch(/ENOTDIR/);
    expect(await new FolderStore(join(place, "file", "below")).list().catch((e: Error) => e)).toMatchObject({
      code: "store-failed",
    });
    expect(await readFile(join(place, "file"), "utf8")).toBe("");
  });
});

const root = process.getuid?.() === 0 ? "root may write in every folder" : undefined;
describeUnless(root)("a store in a folder without permission", () => {
  test("says so", async () => {
    const place = await folder();
    await chmod(place, 0o500);
    const store = new FolderStore(join(place, "backups"));
    expect(await store.whyNotWritable()).toMatch(/EACCES/);
    await expect(store.create("db/one")).rejects.toMatchObject({ code: "store-no-permission" });
    await chmod(place, 0o700);
  });
});

test("a setting names a folder, below the local stack's unless it is absolute; other places are refused", () => {
  expect(openStore("backups").location).toBe(localFolder("backups"));
  expect(openStore("/var/backups").location).toBe("/var/backups");
  expect(() => openStore("ftp://host/backups")).toThrow(
    expect.objectContaining({ code: "store-unsupported" }),
  );
});
