import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import { localFolder } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";

/** A MongoDB of this machine; no change of these ever replaces it. */
export interface LocalMongoInputs {
  /** Below `.dnd/`. */
  folder: string;
  /** The application's; operations keep theirs in `<database>_ops`. */
  database: string;
  /** 1024 to 65535; without it a free one is chosen once and kept. */
  port?: number;
}

export interface LocalMongoOutputs extends LocalMongoInputs {
  address: DatabaseAddress;
  /** The app's connection string, with its password: a secret. */
  appUri: string;
  version: string;
  /** 0 while it does not run. */
  pid: number;
  /** The port that it has, whether it was asked for or chosen. */
  listensOn: number;
}

const engine = () => require("../engines/database") as typeof import("../engines/database");
const id = "local-mongo";

async function ensure(inputs: LocalMongoInputs, context: LifecycleContext): Promise<LocalMongoOutputs> {
  const { folder, database, port } = inputs;
  const server = await engine().ensureLocalMongo({ folder: localFolder(folder), database, port, ...context });
  const { address, appUri, version, pid } = server;
  return { ...inputs, address, appUri: appUri.reveal(), version, pid, listensOn: server.port };
}

function problemsOf(news: LocalMongoInputs): { property: string; reason: string }[] {
  const { whyNotDatabase, whyNotFolder, whyNotPort } = engine();
  const reasons: [string, string | undefined][] = [
    ["folder", isUnknown(news.folder) ? undefined : whyNotFolder(news.folder)],
    ["database", isUnknown(news.database) ? undefined : whyNotDatabase(news.database)],
    ["port", isUnknown(news.port) || news.port === undefined ? undefined : whyNotPort(news.port)],
  ];
  return reasons.flatMap(([property, reason]) => (reason === undefined ? [] : [{ property, reason }]));
}

/** Whether the app logs in as another user by now, as after a rotation. */
async function isRotated({ appUri }: LocalMongoOutputs, address: DatabaseAddress): Promise<boolean> {
  if (!appUri || isUnknown(appUri)) return false;
  const { connectionString } = require("../drivers/mongo") as typeof import("../drivers/mongo");
  return (await connectionString(address, "app")).reveal() !== appUri;
}

export const lifecycle: Lifecycle<LocalMongoInputs, LocalMongoOutputs> = {
  async check(_olds, news) {
    return { inputs: news, failures: problemsOf(news) };
  },
  async diff(_id, olds, news) {
    if (olds.database !== news.database || olds.folder !== news.folder) return { changes: true };
    const seen = await engine().observeLocalMongo(localFolder(news.folder));
    if (seen.state !== "ready") return { changes: true };
    const { port, process, version, database } = seen.instance;
    const moved = port !== olds.listensOn || (news.port !== undefined && news.port !== port);
    const other = process.pid !== olds.pid || version !== olds.version || database !== news.database;
    return { changes: moved || other || (await isRotated(olds, seen.address)) };
  },
  async create(inputs, context) {
    return { id, outs: await ensure(inputs, context) };
  },
  async update(_id, olds, news, context) {
    if (olds.folder !== news.folder) await engine().stopLocalMongo(localFolder(olds.folder));
    return { outs: await ensure(news, context) };
  },
  async read(_id, olds) {
    const seen = await engine().observeLocalMongo(localFolder(olds.folder));
    if (seen.state === "absent") return { id: "" };
    if (seen.state === "down") return { id, props: { ...olds, pid: 0 } };
    const { port, version, process } = seen.instance;
    return { id, props: { ...olds, address: seen.address, listensOn: port, version, pid: process.pid } };
  },
  async delete(_id, olds) {
    await engine().stopLocalMongo(localFolder(olds.folder));
  },
};

export class LocalMongo extends DndResource {
  declare readonly address: pulumi.Output<DatabaseAddress>;
  declare readonly appUri: pulumi.Output<string>;

  constructor(name: string, inputs: Wrapped<LocalMongoInputs>, options: pulumi.CustomResourceOptions = {}) {
    const secrets = { ...options, additionalSecretOutputs: ["appUri"] };
    super("LocalMongo", name, inputs, ["address", "appUri", "version", "pid", "listensOn"], secrets);
  }
}
