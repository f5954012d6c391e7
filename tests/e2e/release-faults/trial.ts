import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { MongoClient } from "mongodb";
import { projectRoot, waitFor } from "../../../infra/support";
import { DatabaseGate } from "../../harness/database-gate";
import { LocalStack, type CommandResult } from "../../harness/local-stack";

interface Journaled {
  _id: number;
  state: string;
  error: string | null;
  image: { version: string };
}

/** A local stack whose database stands behind a gate, with migrations of both phases that can be made to fail or hang. */
export class ReleaseTrial {
  lane = 0;
  shipped = 0;
  /** The last release got through: whatever was left by those before it was no hindrance. */
  released = false;
  readonly #kept: string[] = [];

  private constructor(
    readonly stack: LocalStack,
    readonly gate: DatabaseGate,
    readonly migrations: string,
  ) {}

  static async open(parent?: string, machines = 2): Promise<ReleaseTrial> {
    const migrations = await mkdtemp(join(tmpdir(), "dnd-faulty-"));
    await cp(join(projectRoot, "migrations"), migrations, { recursive: true });
    const settings = {
      app: { machines },
      migrations: { folder: relative(projectRoot, migrations), timeout: "2s" },
    };
    const stack = await LocalStack.open(settings, parent);
    const gate = await DatabaseGate.open(stack.folder);
    stack.env = { DND_MONGOD: gate.program };
    return new ReleaseTrial(stack, gate, migrations);
  }

  up(): Promise<CommandResult> {
    return this.stack.dnd("up", "--yes");
  }

  /** An `up` over which no fault comes. */
  async release(): Promise<CommandResult> {
    const result = await this.up();
    this.released = result.code === 0;
    return result;
  }

  /** Two more migrations, one of each phase, that say in every document that they have run. */
  async nextLane(): Promise<void> {
    this.lane += 1;
    const number = String(this.lane).padStart(2, "0");
    for (const [digit, phase] of [
      ["1", "expand"],
      ["2", "contract"],
    ]) {
      const version = `203001${number}0${digit}0000`;
      await writeFile(
        join(this.migrations, `${version}-${phase}-${number}.ts`),
        this.migration(version, phase ?? "", `${phase}Mark${this.lane}`),
      );
    }
  }

  /** Makes the migrations of a phase fail or hang from now on, or do neither. */
  async spoil(phase: "expand" | "contract", how: "fail" | "hang" | "well"): Promise<void> {
    await writeFile(this.spoiltFile(phase), how);
  }

  /** Somebody writes something that must never get lost. */
  async keep(): Promise<void> {
    const name = `kept ${this.#kept.length}`;
    const answer = await fetch(`${this.stack.url}/api/parties`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    if (answer.status === 201) this.#kept.push(name);
  }

  /** The version that answers at the app's address, whatever its database does. */
  async serving(): Promise<string> {
    const answers = async () => {
      const answer = await fetch(`${this.stack.url}/health`).catch(() => undefined);
      return answer?.headers.get("x-app-version") ?? undefined;
    };
    return waitFor(answers, { what: "the app to answer", timeoutMs: 30_000, intervalMs: 100 });
  }

  /** What is missing of all that was written, and where the marks in the data and the journal of migrations disagree. */
  async damage(): Promise<string[]> {
    return this.withDatabase(async (client, name) => {
      const db = client.db(name);
      const names = new Set((await db.collection("parties").find().toArray()).map((one) => String(one.name)));
      const wrong = this.#kept.filter((one) => !names.has(one)).map((one) => `${one} is lost`);
      const applied = await db.collection("migrations").find().toArray();
      const parties = await db.collection("parties").find().toArray();
      for (const { version, description, state } of applied as unknown as Record<string, string>[]) {
        const mark = description?.match(/^mark (\w+)$/)?.[1];
        if (!mark || state !== "applied") continue;
        if (!parties.some((party) => mark in party)) wrong.push(`${version} counts as applied and is not`);
      }
      return wrong;
    });
  }

  /** Where the journal of releases says something else than what is. */
  async lies(serving: string): Promise<string[]> {
    const [newest, ...older] = await this.withDatabase((client, name) =>
      client.db(`${name}_ops`).collection<Journaled>("releases").find().sort({ _id: -1 }).toArray(),
    );
    const open = older.filter(({ state }) => state === "running").map(({ _id }) => `${_id} is still open`);
    const done = [newest, ...older].find((release) => release?.state === "done");
    const known = [done, newest].some((release) => release?.image.version === serving);
    return known ? open : [...open, `${serving} serves, and the journal tells of ${done?.image.version}`];
  }

  /** Whether somebody could ask the database now. */
  async hasDatabase(): Promise<boolean> {
    const answer = await fetch(`${this.stack.url}/api/health/database`).catch(() => undefined);
    return answer?.ok === true;
  }

  /** The process that the stack knows as its database. */
  async databaseProcess(): Promise<number> {
    const text = await readFile(join(this.stack.folder, "mongo", "instance.json"), "utf8");
    return (JSON.parse(text) as { process: { pid: number } }).process.pid;
  }

  withDatabase<T>(work: (client: MongoClient, name: string) => Promise<T>): Promise<T> {
    return this.stack.withDatabase(work);
  }

  async close(): Promise<void> {
    await this.gate.mend().catch(() => undefined);
    await this.stack.close();
    await rm(this.migrations, { recursive: true, force: true });
  }

  private spoiltFile(phase: string): string {
    return join(this.stack.folder, `${phase}.spoilt`);
  }

  private migration(version: string, phase: string, mark: string): string {
    return `import { readFileSync } from "node:fs";
const spoilt = () => { try { return readFileSync(${JSON.stringify(this.spoiltFile(phase))}, "utf8"); } catch { return "well"; } };
export default {
  version: "${version}", description: "mark ${mark}", phase: "${phase}",
  async up({ db }: any) {
    if (spoilt() === "fail") throw new Error("a beholder stands in the way");
    if (spoilt() === "hang") await new Promise((resolve) => setTimeout(resolve, 600_000));
    await db.collection("parties").updateMany({ _id: { $exists: true } }, { $set: { ${mark}: true } }, { hint: { _id: 1 } });
  },
  async down({ db }: any) {
    await db.collection("parties").updateMany({ _id: { $exists: true } }, { $unset: { ${mark}: "" } }, { hint: { _id: 1 } });
  },
};
`;
  }
}
