import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient, type Db } from "mongodb";
import { projectRoot } from "../../../infra/support";
import { LocalStack, type CommandResult } from "../../harness/local-stack";

interface Finding {
  subject: string;
  state: string;
  found: string;
}

/** A report of a round, and the file that it also stands in. */
export interface Round {
  code: number | null;
  file: string;
  needsPerson: boolean;
  steps: { name: string; findings: Finding[] }[];
}

/** The local stack of somebody's week: everything is done by the commands that the guides name. */
export class TrackerWeek {
  private client: MongoClient | undefined;

  private constructor(
    readonly stack: LocalStack,
    private readonly migrations: string,
  ) {}

  static async begin(): Promise<TrackerWeek> {
    const migrations = await mkdtemp(join(tmpdir(), "dnd-week-migrations-"));
    await cp(join(projectRoot, "migrations"), migrations, { recursive: true });
    const stack = await LocalStack.open({
      migrations: { folder: relative(projectRoot, migrations) },
      app: { machines: 1 },
    });
    // Whatever a registry would say of the packages is no part of the story.
    stack.env = { npm_config_registry: "http://127.0.0.1:9", npm_config_fetch_retries: "0" };
    return new TrackerWeek(stack, migrations);
  }

  /** Releases a version of the app. */
  async ship(version: string, env: Record<string, string> = {}): Promise<CommandResult> {
    await this.stack.configure({ app: { version, env } });
    return this.stack.dnd("up", "--yes");
  }

  /** What a command has printed as its one document. */
  async told<T>(...words: [string, ...string[]]): Promise<T> {
    const { stdout, stderr } = await this.stack.plain(...words, "--json");
    if (stdout.trim() === "") throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  async round(name: string): Promise<Round> {
    const { code, stdout, stderr } = await this.stack.plain("ops", name, "--again", "--json");
    if (stdout.trim() === "") throw new Error(stderr);
    return { ...(JSON.parse(stdout) as Round), code };
  }

  async version(): Promise<string> {
    const answer = await fetch(`${this.stack.url}/api/health`);
    return ((await answer.json()) as { version: string }).version;
  }

  async makeParty(name: string): Promise<void> {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ name });
    const { status } = await fetch(`${this.stack.url}/api/parties`, { method: "POST", headers, body });
    if (status !== 201) throw new Error(`the party ${name} was answered with ${status}`);
  }

  async parties(): Promise<string> {
    return (await fetch(`${this.stack.url}/api/parties`)).text();
  }

  /** Writes the file of a migration that hangs as long as it says so. */
  async writeMigration(version: string, lines: string): Promise<string> {
    const file = join(this.migrations, `${version}-count-the-torches.ts`);
    await writeFile(
      file,
      `export default {
  version: "${version}",
  description: "every party counts its torches",
  phase: "expand",
  async up({ db }: any) {
    ${lines}
    await db.collection("parties").updateMany({ _id: { $exists: true } }, { $set: { torches: 6 } }, { hint: { _id: 1 } });
  },
  async down({ db }: any) {
    await db.collection("parties").updateMany({ _id: { $exists: true } }, { $unset: { torches: "" } }, { hint: { _id: 1 } });
  },
};
`,
    );
    return file;
  }

  /** Looks, and breaks things, as somebody with the database's own shell and its administrator's login would. */
  async inDatabase<T>(work: (db: Db) => Promise<T>): Promise<T> {
    this.client ??= await MongoClient.connect(await this.administrator());
    return work(this.client.db("dnd-tracker"));
  }

  private async administrator(): Promise<string> {
    const file = await readFile(join(this.stack.folder, "mongo", "credentials.json"), "utf8");
    const { admin } = JSON.parse(file) as { admin: { user: string; password: string } };
    const address = new URL(String((await this.stack.outputs()).databaseUri));
    address.username = encodeURIComponent(admin.user);
    address.password = encodeURIComponent(admin.password);
    return address.href;
  }

  async end(): Promise<void> {
    await this.client?.close();
    await this.stack.close();
    await rm(this.migrations, { recursive: true, force: true });
  }
}

/** Waits as long as the test's own deadline lets it. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(100);
}

/** Exit code and, where it is not 0, everything that was said. */
export function said({ code, stderr, stdout }: CommandResult): { code: number | null; said: string } {
  return { code, said: code === 0 ? "" : stderr + stdout };
}

/** What a round has found in one of its steps, by state. */
export function foundIn({ steps }: Round, name: string): Finding[] {
  return steps.find((step) => step.name === name)?.findings ?? [];
}
