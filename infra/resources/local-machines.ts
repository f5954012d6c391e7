import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseAddress } from "../drivers/mongo";
import type { SeenMachine } from "../engines/machines";
import type { Image } from "../engines/release";
import { Secret } from "../support";
import { DndResource, type Wrapped } from "./dnd-resource";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";

/** The app as processes of this machine behind one address. */
export interface LocalMachinesInputs {
  release: number | null;
  address: DatabaseAddress;
  /** Changing it makes another set of machines. */
  app: string;
  image: Image;
  /** 0 to 10. */
  count: number;
  port: number;
  env: Record<string, string>;
  /** Secret; the machines get it through their environment alone. */
  databaseUri: string;
  /** Secret; more of what only the machines' environment may hold, by the names of the variables. */
  secrets?: Record<string, string>;
  databaseName: string;
  schemaVersion: string | null;
  /** A failed release is taken back: machines of the image that are well stay, whatever else is wanted of them now. */
  returning?: boolean;
  /** From the start of a machine to its health; the engine's own patience unless given. */
  startTimeoutMs?: number;
  /** 95 of 100 answers of a release must be faster; as the guides have it unless given. */
  p95Ms?: number;
}

export interface LocalMachinesOutputs extends Omit<LocalMachinesInputs, "databaseUri" | "secrets"> {
  url: string;
  machines: SeenMachine[];
  digest: string;
}

const engine = () => require("../engines/machines") as typeof import("../engines/machines");

function envOf(inputs: LocalMachinesInputs): Record<string, string | Secret> {
  const { env, databaseUri, databaseName, secrets = {} } = inputs;
  const hidden = Object.entries(secrets).map(([name, value]) => [name, new Secret(value)] as const);
  return {
    ...env,
    ...Object.fromEntries(hidden),
    MONGODB_URI: new Secret(databaseUri),
    MONGODB_DB_NAME: databaseName,
  };
}

async function ensure(inputs: LocalMachinesInputs, context: LifecycleContext): Promise<LocalMachinesOutputs> {
  const { app, image, count, port, startTimeoutMs } = inputs;
  // Where no machine is wanted, nobody could answer.
  const gate = (url: string) => (count === 0 ? Promise.resolve() : verify(url, inputs, context));
  const deployed = await engine().ensureMachines({
    app,
    image,
    count,
    port,
    env: envOf(inputs),
    gate,
    ...(startTimeoutMs !== undefined && { startTimeoutMs }),
    ...context,
  });
  const outs = { ...inputs, ...deployed, digest: image.digest };
  for (const secret of ["databaseUri", "secrets"]) Reflect.deleteProperty(outs, secret);
  return outs;
}

async function verify(url: string, inputs: LocalMachinesInputs, context: LifecycleContext): Promise<void> {
  const { verifyDeployment, VerificationError } =
    require("../engines/health") as typeof import("../engines/health");
  const { ok, checks } = await verifyDeployment({
    url,
    expected: inputs.image,
    ...speedOf(inputs),
    ...context,
  });
  if (!ok) throw new VerificationError(url, checks);
}

/** Without a release only the number changes: whoever scales up because the app is slow must not fail for that. */
function speedOf({ release, p95Ms }: LocalMachinesInputs): { p95Ms?: number } {
  if (release === null) return { p95Ms: Infinity };
  return p95Ms === undefined ? {} : { p95Ms };
}

/** True when what runs is not what is wanted, or not what the outputs say. */
async function hasDrifted(olds: LocalMachinesOutputs, news: LocalMachinesInputs): Promise<boolean> {
  const seen = await engine().observeMachines(olds.app);
  // Unknown in a preview whose database is only about to come: the update itself will know.
  const fingerprint =
    isUnknown(news.databaseUri) || isUnknown(news.secrets) ? undefined : engine().fingerprintOf(envOf(news));
  const fits = seen.running.filter(
    (one) =>
      one.healthy &&
      one.digest === news.image.digest &&
      (fingerprint === undefined || one.fingerprint === fingerprint) &&
      olds.machines.some((old) => old.name === one.name && old.pid === one.pid && old.port === one.port),
  );
  const total = seen.running.length + seen.dead.length;
  const wrongAddress = seen.url !== `http://127.0.0.1:${news.port}` || seen.url !== olds.url;
  return seen.unfinished || wrongAddress || total !== news.count || fits.length !== news.count;
}

/** Settings that made a release fail would make its way back fail as well: what serves as before is left alone. */
async function hasReturned(
  olds: LocalMachinesOutputs,
  { app, image }: LocalMachinesInputs,
): Promise<boolean> {
  const { running, dead, unfinished } = await engine().observeMachines(app);
  const asBefore = running.every(({ healthy, digest }) => healthy && digest === image.digest);
  return !unfinished && asBefore && dead.length === 0 && running.length > 0 && olds.digest === image.digest;
}

export const lifecycle: Lifecycle<LocalMachinesInputs, LocalMachinesOutputs> = {
  async check(_olds, news) {
    const failures: { property: string; reason: string }[] = [];
    const { app, count, port } = news;
    if (!isUnknown(count) && !(Number.isInteger(count) && count >= 0 && count <= 10))
      failures.push({ property: "count", reason: `${count} machines: 0 to 10 are possible` });
    if (!isUnknown(port)) {
      const reason = await engine().whyNotPort(app, port);
      if (reason) failures.push({ property: "port", reason });
    }
    return { inputs: news, failures };
  },
  async diff(_id, olds, news) {
    if (olds.app !== news.app) return { changes: true, replaces: ["app"], deleteBeforeReplace: true };
    const released = typeof news.release === "number" && news.release !== olds.release;
    return { changes: released || (await hasDrifted(olds, news)) };
  },
  async create(inputs, context) {
    return { id: inputs.app, outs: await ensure(inputs, context) };
  },
  async update(_id, olds, news, context) {
    if (news.returning && (await hasReturned(olds, news)))
      return { outs: { ...olds, release: news.release ?? olds.release, schemaVersion: news.schemaVersion } };
    const outs = await ensure(news, context);
    return { outs: { ...outs, release: news.release ?? olds.release } };
  },
  async read(id, olds) {
    const { running, dead, url } = await engine().observeMachines(olds.app ?? id);
    if (running.length + dead.length === 0 && olds.count !== 0) return { id: "" };
    const machines = running.map(({ name, port, pid, version, digest }) => ({
      name,
      port,
      pid,
      version,
      digest,
    }));
    return { id, props: { ...olds, machines, url: url ?? "", digest: machines[0]?.digest ?? "" } };
  },
  async delete(id) {
    await engine().stopMachines(id);
  },
};

export class LocalMachines extends DndResource {
  declare readonly url: pulumi.Output<string>;
  declare readonly machines: pulumi.Output<SeenMachine[]>;
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, inputs: Wrapped<LocalMachinesInputs>, options?: pulumi.CustomResourceOptions) {
    super("LocalMachines", name, inputs, ["url", "machines", "digest"], options);
  }
}
