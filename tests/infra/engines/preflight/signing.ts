import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { approve, runGates, type PreflightWishes } from "../../../../infra/engines/preflight";
import { silent } from "../../../../infra/support";
import { calmNeighbours, calmWishes } from "./world";

/** Three people with SSH keys, of whom the release listens to two: not to eve. */
export class Signing {
  readonly signal = AbortSignal.timeout(600_000);

  private constructor(
    readonly folder: string,
    readonly ops: Db,
    readonly wishes: PreflightWishes,
    private readonly client: MongoClient,
  ) {}

  static async open(name: string): Promise<Signing> {
    const client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
    const ops = client.db(`${name}_ops`);
    await ops.dropDatabase();
    const folder = await mkdtemp(join(tmpdir(), "dnd-approvals-"));
    const signers: string[] = [];
    for (const person of ["ada", "bob", "eve"]) {
      const file = join(folder, person);
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", person, "-f", file]);
      if (person !== "eve") signers.push(`${person}@example.org ${await readFile(`${file}.pub`, "utf8")}`);
    }
    await writeFile(join(folder, "signers"), signers.join(""));
    const calm = calmWishes(name, folder);
    const approvals = { signers: join(folder, "signers"), needed: 2 };
    return new Signing(folder, ops, { ...calm, rules: { ...calm.rules, approvals } }, client);
  }

  async sign(person: string | null) {
    const key = person && join(this.folder, person);
    return approve(this.wishes, calmNeighbours, { key, signal: this.signal });
  }

  async stateOf(gate: string, some: Partial<PreflightWishes> = {}) {
    const looks = { signal: this.signal, progress: silent, only: [gate] };
    return (await runGates({ ...this.wishes, ...some }, calmNeighbours, looks)).gates[0];
  }

  async close(): Promise<void> {
    await this.ops.dropDatabase();
    await this.client.close();
    await rm(this.folder, { recursive: true });
  }
}
