import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { FlyStandIn, ProcessRuntime, type ImageProgram } from "../../embedded/fly";
import { preview, toJson, type EngineEvent } from "../../embedded/pulumi";
import { freePort } from "../../infra/drivers/processes";
import { ensureImage, imageOf } from "../../infra/engines/machines";
import { projectRoot, Secret } from "../../infra/support";
import { dnd, startDnd, type DndRun } from "../ops/dnd";
import { AtlasStandIn } from "../stand-ins/atlas";
import { PluginStandIn, atlasCloud, awsCloud } from "../stand-ins/plugins";
import { RegistryStandIn } from "../stand-ins/registry";
import { startAtlasServer, type AtlasServer } from "./atlas-server";
import { startS3Server, type S3Server } from "./s3-server";

const repository = "guild/tracker";

export interface CloudStackOptions {
  environment: "development" | "staging" | "production";
  /** The stack's name; that of its environment unless given. */
  name?: string;
  engine?: "embedded" | "pulumi";
  /** When a new cluster is made; at once unless told otherwise. */
  clusterMade?: Promise<void>;
  /** The cluster's host by a name that machines at Fly know, and this one does not. */
  clusterHost?: string;
  /** What opens the values of the settings that are encrypted, the key of the database among them; without it none is. */
  sealed?: { passphrase: string; encryptionSalt: string };
}

type Groups = Record<string, Record<string, unknown>>;

interface Servers {
  mongo: AtlasServer;
  s3: S3Server;
  api: AtlasStandIn;
  registry: RegistryStandIn;
  aws: PluginStandIn;
  atlas: PluginStandIn;
}

/** A whole stack of the cloud, each vendor played by a server of this machine, driven by the command line alone. */
export class CloudStack {
  readonly #digests = new Map<string, string>();
  readonly #programs = new Map<string, ImageProgram>();
  #settings: Groups = {};
  fly!: FlyStandIn;
  #flyApi = "";

  private constructor(
    readonly folder: string,
    readonly port: number,
    readonly servers: Servers,
    private readonly reference: ImageProgram,
    private readonly options: CloudStackOptions,
  ) {}

  /** The stack whose outputs settings may name; none while it is empty. */
  platform = "";

  /** What must never be seen anywhere. */
  readonly secrets = {
    key: "canary-database-key-0123456789abcdef",
    fly: "canary-fly-token",
    session: "canary-session-secret-0123456789abcd",
  };

  static async open(options: CloudStackOptions): Promise<CloudStack> {
    const folder = await mkdtemp(join(tmpdir(), "dnd-cloud-stack-"));
    const name = await imageOf({ name: "dnd-tracker", version: "trial" });
    const { command, folder: cwd } = await ensureImage(name, () => undefined);
    const [mongo, s3, api] = await Promise.all([startAtlasServer(), startS3Server(), AtlasStandIn.open()]);
    api.bring({ project: null, cluster: null });
    const { clusterMade, clusterHost = "127.0.0.1" } = options;
    const uri = mongo.uri.replace("127.0.0.1", clusterHost);
    const servers = {
      ...{ mongo, s3, api },
      registry: await RegistryStandIn.open(),
      aws: await PluginStandIn.open(awsCloud(s3.client())),
      atlas: await PluginStandIn.open(atlasCloud({ admin: mongo.admin, uri, api, clusterMade })),
    };
    const stack = new CloudStack(folder, await freePort(), servers, { command, cwd }, options);
    await stack.#openFly();
    await mkdir(join(folder, "state"));
    return stack;
  }

  async #openFly(): Promise<void> {
    const image = (name: string) => this.#programs.get(name.split("@")[1] ?? name);
    this.fly = new FlyStandIn({
      runtime: new ProcessRuntime({ folder: join(this.folder, "machines"), image }),
      edge: { port: () => this.port },
      organizations: ["guild"],
      token: this.secrets.fly,
      rateLimits: false,
    });
    this.#flyApi = await this.fly.listen();
  }

  get name(): string {
    return this.options.name ?? this.options.environment;
  }

  get engine(): "embedded" | "pulumi" {
    return this.options.engine ?? "embedded";
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Builds and pushes an image: the reference app, with what makes it another one. */
  push(tag: string, different: Partial<ImageProgram> = {}): void {
    const digest = this.servers.registry.push(`${repository}:${tag}`);
    this.#digests.set(tag, digest);
    for (const name of [digest, this.imageOf(tag)])
      this.#programs.set(name, { ...this.reference, ...this.#atFly(), ...different });
  }

  #atFly(): Pick<ImageProgram, "env"> {
    const { clusterHost } = this.options;
    if (clusterHost === undefined) return {};
    const known = join(projectRoot, "tests", "harness", "name-server.cjs");
    return { env: { NODE_OPTIONS: `--require=${known}`, DND_TEST_HOST: `${clusterHost}=127.0.0.1` } };
  }

  digestOf(tag: string): string {
    return this.#digests.get(tag) ?? "";
  }

  imageOf(tag: string): string {
    return `${this.servers.registry.host}/${repository}:${tag}`;
  }

  /** Wants other settings; each group is laid over what it was. */
  async want(changes: Groups): Promise<void> {
    this.#settings = this.#with(changes);
    await this.#write(this.#configFile, this.#settings);
  }

  /** A file of settings like those that are wanted, but for these. */
  async fileWith(name: string, changes: Groups): Promise<string> {
    const file = join(this.folder, name);
    await this.#write(file, this.#with(changes));
    return file;
  }

  #with(changes: Groups): Groups {
    const groups = { ...this.#usual(), ...this.#settings };
    for (const [group, change] of Object.entries(changes)) groups[group] = { ...groups[group], ...change };
    return groups;
  }

  async #write(file: string, groups: Groups): Promise<void> {
    const entries = Object.entries(groups).map(([group, value]) => [`dnd-tracker:${group}`, value]);
    const config = {
      "dnd-tracker:environment": this.options.environment,
      "dnd-tracker:platform": this.platform,
      ...(Object.fromEntries(entries) as object),
    };
    const { sealed } = this.options;
    await writeFile(file, stringify({ ...(sealed && { encryptionsalt: sealed.encryptionSalt }), config }));
  }

  #usual(): Groups {
    const production = this.options.environment === "production";
    return {
      app: {
        name: "tracker",
        organization: "guild",
        url: this.url,
        machines: 2,
        addresses: { egress: true },
        checks: { interval: "2s", timeout: "2s", gracePeriod: "1s", bake: "200ms" },
      },
      database: { kind: "atlas", name: "tracker", orgId: "org-1", tier: production ? "M10" : "M0" },
      backup: { schedule: "off", ...(production ? { snapshot: false } : {}) },
    };
  }

  /** What an update with these settings would do, as the embedded engine tells it without a command around it. */
  async wouldDo(configFile: string): Promise<{ op: string; urn: string }[]> {
    const events: EngineEvent[] = [];
    await preview({
      projectDir: projectRoot,
      stack: this.name,
      backendUrl: `file://${join(this.folder, "state")}`,
      passphrase: new Secret(this.#passphrase),
      configFile,
      env: this.env,
      onEvent: (event) => events.push(event),
    });
    const { steps, diagnostics } = toJson(events);
    const error = diagnostics.find(({ severity }) => severity === "error");
    if (error) throw new Error(error.message);
    return steps;
  }

  get #passphrase(): string {
    return this.options.sealed?.passphrase ?? "trial";
  }

  dnd(command: string, ...args: string[]): Promise<DndRun> {
    return this.dndWith({}, command, ...args);
  }

  /** Runs a command with other words in its environment. */
  dndWith(env: NodeJS.ProcessEnv, command: string, ...args: string[]): Promise<DndRun> {
    return dnd(this.#words(command, args), { ...this.env, ...env });
  }

  start(command: string, ...args: string[]): ReturnType<typeof startDnd> {
    return startDnd(this.#words(command, args), this.env);
  }

  #words(command: string, args: string[]): string[] {
    const place = ["--stack", this.name, "--config-file", this.#configFile];
    return [command, "--engine", this.engine, ...place, ...args];
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.dnd("outputs", "--json");
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async close(): Promise<void> {
    const { mongo, s3, api, registry, aws, atlas } = this.servers;
    await this.fly.close();
    for (const plugin of [aws, atlas]) plugin.close();
    await Promise.all([api.close(), registry.close(), s3.stop(), mongo.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  get env(): NodeJS.ProcessEnv {
    const { aws, atlas, api, s3 } = this.servers;
    return {
      DND_DIR: this.folder,
      NO_COLOR: "1",
      // What is proved of a commit holds for the whole of a test, whatever is committed meanwhile.
      GIT_SHA: "0123456789abcdef0123456789abcdef01234567",
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: this.#passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // The vendors' plugins are attached: none is fetched.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},mongodbatlas:${atlas.port}`,
      ...api.environment(),
      S3_ENDPOINT: s3.endpoint,
      S3_ACCESS_KEY_ID: "test-key",
      S3_SECRET_ACCESS_KEY: "test-secret",
      NEXTAUTH_SECRET: this.secrets.session,
      DND_DATABASE_KEY: this.options.sealed ? undefined : this.secrets.key,
      FLY_API_TOKEN: this.secrets.fly,
      FLY_FLAPS_BASE_URL: this.#flyApi,
      MONGODB_URI: undefined,
    };
  }

  get #configFile(): string {
    return join(this.folder, `Pulumi.${this.name}.yaml`);
  }
}
