import { MongoClient } from "mongodb";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startLoad } from "../harness/load";
import { LocalStack } from "../harness/local-stack";

interface Outputs {
  url: string;
  databaseUri: string;
  databaseName: string;
  release: { number: number; digest: string; schemaVersion: string };
  archive: { id: string; location: string } | null;
  machines: { name: string; pid: number }[];
}

let stack: LocalStack;

beforeAll(async () => {
  stack = await LocalStack.open();
});
afterAll(async () => {
  await stack.close();
}, 120_000);

const outputs = async () => (await stack.outputs()) as unknown as Outputs;
const version = async () =>
  ((await (await fetch(`${stack.url}/api/health`)).json()) as { version: string }).version;

describe("the local stack, by its command line", () => {
  test("previews everything that it would make, knowing the release and its migrations, and makes nothing", async () => {
    const preview = await stack.dnd("preview", "--json");
    expect(preview).toMatchObject({ code: 0 });
    const changes = JSON.parse(preview.stdout) as {
      changeSummary: Record<string, number>;
      steps: { urn: string; newState?: { inputs: Record<string, unknown> } }[];
      diagnostics: { urn?: string; message: string }[];
    };
    expect(changes.changeSummary.create).toBeGreaterThanOrEqual(9);
    const expand = changes.steps.find((step) => step.urn.endsWith("::expand-migrations"));
    expect(expand?.newState?.inputs).toMatchObject({ release: 1 });
    expect((expand?.newState?.inputs.pending as unknown[]).length).toBeGreaterThan(2);
    expect(expand?.newState?.inputs).not.toHaveProperty("rehearsal");
    const tried = changes.diagnostics.find(({ message }) => message.includes("tried on an empty database"));
    expect(tried?.urn).toBe(expand?.urn);
    expect(tried?.message).toMatch(/\d{14} ran in .*\n {2}createCollection parties/);
    const left = (await readdir(stack.folder)).filter((name) => /^(mongo|trial)/.test(name));
    expect(left).toEqual([]);
  }, 120_000);

  test("comes up: database, archive, migrations, two machines, verified, with addresses that answer", async () => {
    const up = await stack.dnd("up", "--yes");
    expect(up.stderr + up.stdout).not.toContain("error");
    expect(up.code).toBe(0);
    const out = await outputs();
    expect(out.release).toMatchObject({ number: 1 });
    expect(out.archive?.id).toMatch(/r1/);
    const machines = new Set<string | null>();
    for (let n = 0; n < 20; n++)
      machines.add((await fetch(`${stack.url}/api/health`)).headers.get("x-machine-id"));
    expect(machines.size).toBe(2);
    expect((await fetch(`${stack.url}/deployments`)).status).toBe(200);
    const client = await MongoClient.connect(out.databaseUri);
    const collections = await client.db(out.databaseName).listCollections().toArray();
    await client.close();
    expect(collections.map((one) => one.name)).toEqual(
      expect.arrayContaining(["characters", "parties", "encounters", "migrations"]),
    );
  }, 180_000);

  test("does nothing the second time", async () => {
    const again = await stack.dnd("up", "--yes", "--expect-no-changes");
    expect(again.stdout + again.stderr).not.toMatch(/^error/m);
    expect(again.code).toBe(0);
    expect((await outputs()).release.number).toBe(1);
  }, 120_000);

  test("is well in the doctor's eyes, down to how long the server keeps what a backup reads", async () => {
    const { stdout } = await stack.plain("doctor", "--json");
    const { findings } = JSON.parse(stdout) as {
      findings: { what: string; status: string; found: string }[];
    };
    const about = (what: string) => findings.find((one) => one.what === what);
    for (const what of ["address", "database", "snapshot window", "machines"])
      expect(about(what)).toMatchObject({ status: "ok" });
    expect(about("snapshot window")?.found).toMatch(/^the server keeps 5m.* the last backup took /);
  }, 60_000);

  test("sees a killed machine and mends it without a new release", async () => {
    const [machine] = (await outputs()).machines;
    expect(machine?.pid).toBeGreaterThan(1);
    process.kill(Number(machine?.pid), "SIGKILL");
    const preview = await stack.dnd("preview", "--expect-no-changes");
    expect(preview.code).not.toBe(0);
    expect((await stack.dnd("up", "--yes")).code).toBe(0);
    expect((await stack.dnd("preview", "--expect-no-changes")).code).toBe(0);
    expect((await outputs()).release.number).toBe(1);
  }, 180_000);

  test("replaces both machines by a new version without one failed request", async () => {
    await stack.configure({ app: { version: "1.1.0" } });
    const load = startLoad(`${stack.url}/api/characters`, 200);
    const up = await stack.dnd("up", "--yes");
    const report = await load.stop();
    expect(up.code).toBe(0);
    expect(report.failures).toEqual({});
    expect(report.perSecond).toBeGreaterThan(100);
    expect(await version()).toBe("1.1.0");
    expect((await outputs()).release.number).toBe(2);
  }, 180_000);

  test("mends a deleted archive", async () => {
    const before = (await outputs()).archive;
    await rm(join(stack.folder, "backups"), { recursive: true });
    expect((await stack.dnd("preview", "--expect-no-changes")).code).not.toBe(0);
    expect((await stack.dnd("up", "--yes")).code).toBe(0);
    expect((await outputs()).archive?.id).not.toBe(before?.id);
  }, 180_000);

  test("goes down, keeps the data, and comes up again as the same release", async () => {
    await fetch(`${stack.url}/api/parties`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "The Kept" }),
    });
    expect((await stack.dnd("destroy", "--yes")).code).toBe(0);
    await expect(fetch(stack.url)).rejects.toThrow();
    expect((await stack.dnd("up", "--yes")).code).toBe(0);
    expect((await outputs()).release.number).toBe(2);
    expect(await (await fetch(`${stack.url}/api/parties`)).text()).toContain("The Kept");
  }, 240_000);
});
