import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../../../../infra/support";
import { rekeyed } from "../../../../../infra/engines/backup/encryption";
import { describeWith } from "../../../../harness/tools";
import { collected, cut, decrypt, encrypt } from "./age-bytes";

describeWith("age", "age-keygen")("age itself", () => {
  const plain = randomBytes(300_000);
  let folder: string;
  let key: { file: string; identity: Secret; recipient: string };
  let other: typeof key;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dnd-age-"));
    [key, other] = [await keyMadeByAge("key.txt"), await keyMadeByAge("other.txt")];
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("reads what we encrypted, with the key of any of its readers", async () => {
    const file = join(folder, "ours.age");
    await writeFile(file, await encrypt(plain, { recipients: [key.recipient, other.recipient] }));
    for (const { file: identity } of [key, other])
      expect(run("age", "-d", "-i", identity, file).equals(plain)).toBe(true);
  });

  it("writes what we decrypt", async () => {
    const file = join(folder, "plain");
    await writeFile(file, plain);
    const sealed = run("age", "-r", other.recipient, "-r", key.recipient, file);
    expect((await decrypt(sealed, { identities: [key.identity] })).equals(plain)).toBe(true);
  });

  it("reads what was given to another key, with that one only", async () => {
    const sealed = await encrypt(plain, { recipients: [key.recipient] });
    const wanted = { recipients: [other.recipient] };
    const moved = await collected(rekeyed(cut(sealed, 5000), { identities: [key.identity] }, wanted));
    const file = join(folder, "moved.age");
    await writeFile(file, moved);
    expect(run("age", "-d", "-i", other.file, file).equals(plain)).toBe(true);
    expect(spawnSync("age", ["-d", "-i", key.file, file]).status).not.toBe(0);
  });

  it("refuses what we refuse: a last part that is missing", async () => {
    const sealed = await encrypt(plain, { recipients: [key.recipient] });
    const file = join(folder, "short.age");
    await writeFile(file, sealed.subarray(0, sealed.length - (plain.length % 65_536) - 16));
    expect(spawnSync("age", ["-d", "-i", key.file, file]).status).not.toBe(0);
    await expect(decrypt(await readFile(file), { identities: [key.identity] })).rejects.toThrow(/cut short/);
  });

  async function keyMadeByAge(name: string): Promise<typeof key> {
    const file = join(folder, name);
    run("age-keygen", "-o", file);
    const recipient = run("age-keygen", "-y", file).toString().trim();
    return { file, recipient, identity: new Secret(await readFile(file, "utf8")) };
  }
});

// It asks for a passphrase at a terminal only; `script` gives it one.
describeWith("age", "script")("age asked for a passphrase", () => {
  it("reads what we encrypted with it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dnd-age-"));
    try {
      const file = join(folder, "ours.age");
      const out = join(folder, "plain");
      await writeFile(
        file,
        await encrypt(Buffer.from("saving throw"), {
          passphrase: new Secret("natural twenty"),
          workFactor: 12,
        }),
      );
      const asked = spawnSync("script", ["-qec", `age -d -o ${out} ${file}`, "/dev/null"], {
        input: "natural twenty\n",
        timeout: 20_000,
      });
      expect(asked.stdout.toString()).toContain("passphrase");
      expect(await readFile(out, "utf8")).toBe("saving throw");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("writes what we decrypt with it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dnd-age-"));
    try {
      const [plain, sealed] = [join(folder, "plain"), join(folder, "theirs.age")];
      await writeFile(plain, "saving throw");
      const passphrase = "natural twenty";
      const asked = spawnSync("script", ["-qec", `age -p -o ${sealed} ${plain}`, "/dev/null"], {
        input: `${passphrase}\n${passphrase}\n`,
        timeout: 20_000,
      });
      expect(asked.stdout.toString()).toContain("passphrase");
      const keys = { identities: [], passphrase: new Secret(passphrase) };
      expect((await decrypt(await readFile(sealed), keys)).toString()).toBe("saving throw");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function run(tool: string, ...args: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(tool, args, { maxBuffer: 16 * 1024 * 1024, timeout: 20_000 });
  if (status !== 0) throw new Error(`${tool} failed: ${String(stderr)}`);
  return stdout;
}
