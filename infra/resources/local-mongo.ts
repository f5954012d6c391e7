import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import { localFolder } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import type { Lifecycle, LifecycleContext } from "./lifecycle";

/** A MongoDB of this machine; no change of these ever replaces it. */
export interface LocalMongoInputs {
  /** Below `.dnd/`. */
  folder: string;
  database: string;
  port?: number;
}

export interface LocalMongoOutputs extends LocalMongoInputs {
  address: DatabaseAddress;
  /** The app's connection string, with its password: a secret. */
  appUri: string;
  version: string;
  pid: number;
  /** The port that it has, whether it was asked for or chosen. */
  listensOn: number;
}

const engine = () => require("../engines/database") as typeof import("../engines/database");
const id = "local-mongo";

async function ensure(
  inputs: LocalMongoInputs,
  { progress, signal }: LifecycleContext,
): Promise<LocalMongoOutputs> {
  const { folder, database, port } = inputs;
  const server = await engine().ensureLocalMongo({
    folder: localFolder(folder),
    database,
    port,
    progress,
    signal,
  });
  const { address, appUri, version, pid } = server;
  return { ...inputs, address, appUri: appUri.reveal(), version, pid, listensOn: server.port };
}

export const lifecycle: Lifecycle<LocalMongoInputs, LocalMongoOutputs> = {
  async diff(_id, olds, news) {
    if (olds.database !== news.database) return { changes: true };
    const seen = await engine().observeLocalMongo(localFolder(news.folder));
    if (seen.state !== "ready") return { changes: true };
    const { port, process, version } = seen.instance;
    const moved = port !== olds.listensOn || (news.port !== undefined && news.port !== port);
    return { changes: moved || process?.pid !== olds.pid || version !== olds.version };
  },
  async create(inputs, context) {
    return { id, outs: await ensure(inputs, context) };
  },
  async update(_id, _olds, news, context) {
    return { outs: await ensure(news, context) };
  },
  async read(_id, olds) {
    const seen = await engine().observeLocalMongo(localFolder(olds.folder));
    if (seen.state === "absent") return { id: "" };
    return { id, props: { ...olds, pid: (seen.state === "ready" && seen.instance.process?.pid) || 0 } };
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
