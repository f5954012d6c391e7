import { MongoClient, type Db } from "mongodb";
import {
  beginRelease,
  finishRelease,
  quarantineImage,
  recordStep,
  releaseImage,
} from "../../../infra/engines/release";
import { dnd, type DndRun } from "../dnd";

const name = "release_command";
const uri = process.env.TEST_MONGODB_URI ?? "";
let client: MongoClient;
let ops: Db;

const release = (...args: string[]): Promise<DndRun> => dnd(["release", ...args, "--uri", uri, "--db", name]);

beforeAll(async () => {
  client = await MongoClient.connect(uri);
  ops = client.db(`${name}_ops`);
  await ops.dropDatabase();
  await make(1, "1.0.0", "20261101090000");
  await finishRelease(ops, 1, { schemaAfter: "20261102090000", archive: { id: "a1", bytes: 5000 } });
  await make(2, "1.1.0", "20261102090000");
  const step = { name: "app-machines", outcome: "failed", at: new Date(), durationMs: 5 } as const;
  await recordStep(ops, 2, step, "machine 2 never became healthy");
});

afterAll(async () => {
  await ops.dropDatabase();
  await client.close();
});

function make(number: number, version: string, schemaBefore: string): Promise<void> {
  return beginRelease(ops, {
    number,
    environment: "staging",
    image: { name: "tracker", version, digest: `sha256:${version}` },
    schemaBefore,
    why: ["a new image"],
    commit: number === 1 ? "0123456789abcdef" : null,
    details: { engine: "embedded 1", settingsHash: `s${number}` },
  });
}

describe("dnd release", () => {
  test("lists what was released, the newest first, each with its outcome", async () => {
    const { code, stdout } = await release("list");
    expect(code).toBe(0);
    const [, second, first] = stdout.split("\n");
    expect(second).toMatch(/^2 +failed +forward +1\.1\.0 .*machine 2 never became healthy$/);
    expect(first).toMatch(/^1 +done +forward +1\.0\.0 +012345678 +20261102090000 /);
    const json = JSON.parse((await release("list", "--limit", "1", "--json")).stdout) as object[];
    expect(json).toMatchObject([{ number: 2, state: "failed", steps: [{ name: "app-machines" }] }]);
  });

  test("marks every release whose image is in quarantine, as long as it is there", async () => {
    await make(3, "1.0.0", "20261102090000");
    await finishRelease(ops, 3, { schemaAfter: "20261102090000", archive: null });
    const marked = async () => {
      const { stdout } = await release("list", "--json");
      const found = JSON.parse(stdout) as { number: number; quarantined: boolean }[];
      return found.filter(({ quarantined }) => quarantined).map(({ number }) => number);
    };
    await quarantineImage(ops, { digest: "sha256:1.0.0", release: 3, reason: "bad" });
    expect(await marked()).toEqual([3, 1]);
    expect((await release("list")).stdout).toMatch(/^1 +done, quarantined +forward/m);
    expect((await release("show", "1")).stdout).toMatch(/^release +1 done, quarantined$/m);
    await releaseImage(ops, "sha256:1.0.0");
    expect(await marked()).toEqual([]);
    await ops.collection<{ _id: number }>("releases").deleteOne({ _id: 3 });
  });

  test("shows one, and the latest by that name", async () => {
    const { stdout } = await release("show", "latest");
    expect(stdout).toMatch(/^release +2 failed$/m);
    expect(stdout).toMatch(/^ +app-machines +failed +5ms$/m);
    expect((await release("show", "1")).stdout).toMatch(/^archive +a1, 5\.0 kB$/m);
    expect(await release("show", "7")).toMatchObject({ code: 1, stdout: "" });
  });

  test("tells in what two differ, and nothing of what is the same", async () => {
    const { stdout } = await release("diff", "1", "2", "--json");
    const { differences } = JSON.parse(stdout) as { differences: { what: string; to: string }[] };
    const what = differences.map((one) => one.what);
    expect(what).toEqual(expect.arrayContaining(["image", "digest", "settings", "outcome"]));
    expect(what).not.toContain("schema");
    expect(await release("diff", "1")).toMatchObject({ code: 2 });
  });
});
