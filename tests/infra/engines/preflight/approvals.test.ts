import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { approve, runGates, type PreflightWishes } from "../../../../infra/engines/preflight";
import { silent } from "../../../../infra/support";
import { describeWith } from "../../../harness/tools";
import { calmNeighbours, calmWishes } from "./world";

const name = "preflight_approvals";
const signal = AbortSignal.timeout(600_000);
let folder: string;
let client: MongoClient;
let ops: Db;
let wishes: PreflightWishes;

describeWith("ssh-keygen")("signatures under a release", () => {
  beforeAll(async () => {
    client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
    ops = client.db(`${name}_ops`);
    await ops.dropDatabase();
    folder = await mkdtemp(join(tmpdir(), "dnd-approvals-"));
    const signers: string[] = [];
    for (const person of ["ada", "bob", "eve"]) {
      const file = join(folder, person);
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", person, "-f", file]);
      if (person !== "eve") signers.push(`${person}@example.org ${await readFile(`${file}.pub`, "utf8")}`);
    }
    await writeFile(join(folder, "signers"), signers.join(""));
    const calm = calmWishes(name, folder);
    const approvals = { signers: join(folder, "signers"), needed: 2 };
    wishes = { ...calm, rules: { ...calm.rules, approvals } };
  });
  afterAll(async () => {
    await ops.dropDatabase();
    await client.close();
    await rm(folder, { recursive: true });
  });

  const sign = (person: string | null, some: Partial<PreflightWishes> = {}) =>
    approve({ ...wishes, ...some }, calmNeighbours, { key: person && join(folder, person), signal });
  const stateOf = async (gate: string, some: Partial<PreflightWishes> = {}) => {
    const looks = { signal, progress: silent, only: [gate] };
    return (await runGates({ ...wishes, ...some }, calmNeighbours, looks)).gates[0];
  };

  test("open the gate when enough people have signed this very release, each counted once", async () => {
    expect(await stateOf("approvals")).toMatchObject({ state: "fail", stops: true });
    expect((await sign(null)).text).toContain(`image: sha256:${"a".repeat(64)}`);
    await sign("ada");
    expect((await sign("ada")).people).toEqual(["ada@example.org"]);
    expect(await stateOf("approvals")).toMatchObject({ state: "fail" });
    await expect(sign("eve")).rejects.toMatchObject({ code: "approval-refused", kind: "refused" });
    expect((await sign("bob")).people).toEqual(["ada@example.org", "bob@example.org"]);
    expect(await stateOf("approvals")).toMatchObject({ state: "ok" });
    expect(await stateOf("approvals", { release: 6 })).toMatchObject({ state: "fail" });
    const image = { name: "tracker", version: "1.2.0", digest: `sha256:${"b".repeat(64)}` };
    expect(await stateOf("approvals", { image })).toMatchObject({ state: "fail" });
  });
});
