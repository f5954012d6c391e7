import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { stringify } from "yaml";
import { FlyStandIn, ProcessRuntime, type ImageProgram } from "../../embedded/fly";
import { freePort } from "../../infra/drivers/processes";
import { ensureImage, imageOf } from "../../infra/engines/machines";
import { dnd, startDnd, type DndRun } from "../ops/dnd";
import { pushImage } from "../stand-ins/push-image";
import { RegistryStandIn } from "../stand-ins/registry";

const stackName = "trial";
const repository = "guild/tracker";

export interface FlyStackOptions {
  /** Of the application; each suite has its own. */
  database: string;
  app?: Record<string, unknown>;
  env?: Record<string, string>;
  /** An image that nobody pushed here by hand runs the reference app. */
  anyImage?: boolean;
  /** Fly's own tool asks at another pace; true unless told otherwise. */
  rateLimits?: boolean;
}

/** A stack whose app runs at the stand-in of Fly's API, over a database that is there, driven by the command line alone. */
export class FlyStack {
  readonly #programs = new Map<string, ImageProgram>();
  #app: Record<string, unknown> = {};

  private constructor(
    readonly folder: string,
    readonly port: number,
    readonly registry: RegistryStandIn,
    private readonly options: FlyStackOptions,
    private readonly reference: ImageProgram,
  ) {}

  readonly token = "canary-fly-token";
  fly!: FlyStandIn;
  /** Where the stand-in of the API is. */
  api = "";
  /** What the stack's settings say of releases, from the next `want` on. */
  release: Record<string, unknown> = {};

  static async open(options: FlyStackOptions): Promise<FlyStack> {
    const folder = await mkdtemp(join(tmpdir(), "dnd-fly-stack-"));
    const { command, folder: cwd } = await ensureImage(
      await imageOf({ name: "dnd-tracker", version: "trial" }),
      () => undefined,
    );
    const registry = await RegistryStandIn.open();
    const stack = new FlyStack(folder, await freePort(), registry, options, { command, cwd });
    const other = options.anyImage ? { command, cwd } : undefined;
    const image = (name: string) => stack.#programs.get(name.split("@")[1] ?? name) ?? other;
    stack.fly = new FlyStandIn({
      runtime: new ProcessRuntime({ folder: join(folder, "machines"), image }),
      edge: { port: () => stack.port },
      organizations: ["guild", "others"],
      token: stack.token,
      rateLimits: options.rateLimits ?? true,
    });
    stack.api = await stack.fly.listen();
    await mkdir(join(folder, "state"));
    return stack;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Builds and pushes an image: the reference app, with what makes it another one. */
  push(tag: string, different: Partial<ImageProgram> = {}): void {
    const digest = this.registry.push(`${repository}:${tag}`);
    // Fly's own tool names an image by its tag.
    for (const name of [digest, this.imageOf(tag)])
      this.#programs.set(name, { ...this.reference, ...different });
  }

  /** Pushes an image that was built for other machines than those at Fly. */
  pushFor(platform: string, tag: string): Promise<string> {
    return pushImage({ base: `http://${this.registry.host}/v2/${repository}` }, tag, platform);
  }

  imageOf(tag: string): string {
    return `${this.registry.host}/${repository}:${tag}`;
  }

  /** Wants another image, or other settings of the app. */
  async want(tag: string, app: Record<string, unknown> = {}): Promise<void> {
    this.#app = { ...this.#app, ...app };
    const config = {
      "dnd-tracker:environment": "staging",
      "dnd-tracker:app": {
        name: "tracker",
        image: this.imageOf(tag),
        organization: "guild",
        url: this.url,
        machines: 3,
        checks: { interval: "2s", timeout: "2s", gracePeriod: "1s", bake: "400ms" },
        ...this.options.app,
        ...this.#app,
      },
      "dnd-tracker:database": { kind: "uri", name: this.options.database },
      "dnd-tracker:release": this.release,
      "dnd-tracker:backup": { store: join(this.folder, "archives"), schedule: "off" },
    };
    await writeFile(this.configFile, stringify({ config }));
  }

  /** Runs a command with other words in its environment. */
  dndWith(env: NodeJS.ProcessEnv, command: string, ...args: string[]): Promise<DndRun> {
    return dnd(this.words(command, args), { ...this.env, ...env });
  }

  dnd(command: string, ...args: string[]): Promise<DndRun> {
    return dnd(this.words(command, args), this.env);
  }

  start(command: string, ...args: string[]): ReturnType<typeof startDnd> {
    return startDnd(this.words(command, args), this.env);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.dnd("outputs", "--json");
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async close(): Promise<void> {
    await this.fly.close();
    await this.registry.close();
    await this.dropDatabases();
    await rm(this.folder, { recursive: true, force: true });
  }

  get env(): NodeJS.ProcessEnv {
    return {
      DND_DIR: this.folder,
      NO_COLOR: "1",
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "trial",
      MONGODB_URI: process.env.TEST_MONGODB_URI,
      FLY_API_TOKEN: this.token,
      FLY_FLAPS_BASE_URL: this.api,
      ...this.options.env,
    };
  }

  private async dropDatabases(): Promise<void> {
    const client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
    for (const name of [this.options.database, `${this.options.database}_ops`])
      await client.db(name).dropDatabase();
    await client.close();
  }

  get configFile(): string {
    return join(this.folder, `Pulumi.${stackName}.yaml`);
  }

  private words(command: string, args: string[]): string[] {
    const common = ["--engine", "embedded", "--stack", stackName, "--config-file", this.configFile];
    return [command, ...common, ...args];
  }
}
