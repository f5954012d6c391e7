import { z } from "zod";
import type { DatabaseAddress, DatabaseRole } from "../infra/drivers/mongo";
import type { FlyWay } from "../infra/drivers/outpost";
import type { Leave } from "../infra/engines/reach";
import { OperatorError, Secret } from "../infra/support";
import type { AtlasSettings } from "../stacks/database-settings";
import type { Settings } from "../stacks/settings";
import { flyWay } from "../stacks/egress-regions";
import { encrypted } from "../stacks/secret-paths";
import { atlasProject } from "../stacks/snapshot-settings";
import { missingAddress, namedAddress, unnamed } from "./named-database";

interface StackNamed {
  stack: string;
  /** Where its settings stand, where not in its own file. */
  configFile?: string | undefined;
}

/** The database of a stack in the cloud: at MONGODB_URI, or in the stack's own cluster; null where that is not there yet. */
export async function cloudAddress(
  of: StackNamed,
  settings: Settings,
  name = settings.database.name,
): Promise<DatabaseAddress | null> {
  // As in the guides, what the environment names is meant.
  const uri = process.env.MONGODB_URI;
  if (uri) return namedAddress(uri, name);
  if (settings.database.kind === "atlas") return clusterAddress(of, settings, settings.database, name);
  throw unnamed(missingAddress(of.stack));
}

/** What a role opens the database of a stack in the cloud by, from wherever that is let in; this machine is not. */
export async function cloudLogin(
  of: StackNamed,
  settings: Settings,
  role: DatabaseRole,
): Promise<Secret | null> {
  const { database } = settings;
  const uri = process.env.MONGODB_URI;
  if (uri) return new Secret(uri);
  if (database.kind !== "atlas") throw unnamed(missingAddress(of.stack));
  const { loginOf, withStackLogin } =
    require("../infra/drivers/mongo") as typeof import("../infra/drivers/mongo");
  const at = await clusterUri(settings);
  if (at === null) return null;
  const keys = await readableKeys(of, database);
  return withStackLogin(at, loginOf(role, { ...keys, rotation: database.rotation }), database.name);
}

async function clusterAddress(
  of: StackNamed,
  settings: Settings,
  { key, previousKey, rotation, reach }: AtlasSettings,
  name: string,
): Promise<DatabaseAddress | null> {
  const { useStackKey } = require("../infra/drivers/mongo") as typeof import("../infra/drivers/mongo");
  const uri = await clusterUri(settings);
  if (uri === null) return null;
  useStackKey({ ...(await readableKeys(of, { key, previousKey })), rotation });
  if (reach === "temporary") await enterOnce(atlasProject(settings));
  return { uri, name, credentials: "stack-key", ...(reach === "fly" && { through: overFly(settings) }) };
}

/** A machine of the app goes to the database for this command. */
function overFly({ app }: Settings): FlyWay {
  const { useOutposts } = require("../infra/drivers/outpost") as typeof import("../infra/drivers/outpost");
  const { outpostsAt } = require("../infra/engines/fly") as typeof import("../infra/engines/fly");
  const { openFlyApiOf } = require("../infra/drivers/fly-api") as typeof import("../infra/drivers/fly-api");
  useOutposts((way) => outpostsAt({ api: openFlyApiOf(process.env) })(way));
  return flyWay(app);
}

/** Of a stack's own cluster, without a login; null where it is yet to be made. */
async function clusterUri(settings: Settings): Promise<string | null> {
  const { atlasApiOf } = require("../infra/drivers/atlas-api") as typeof import("../infra/drivers/atlas-api");
  const { observeCluster } = require("../infra/engines/reach") as typeof import("../infra/engines/reach");
  const project = atlasProject(settings);
  const seen = await observeCluster(atlasApiOf(process.env), { project, cluster: project });
  if (seen.state === "down") throw notUp(project);
  return seen.state === "new" ? null : seen.uri;
}

interface Keys {
  key: Secret;
  previousKey: Secret | undefined;
}

/** A command reads ciphertext of a file as a placeholder; what opens it is what opens the stack's other secrets. */
async function readableKeys(
  of: StackNamed,
  given: Pick<AtlasSettings, "key" | "previousKey">,
): Promise<Keys> {
  const { key, previousKey } = given;
  const closed = [key, previousKey].some((one) => one?.reveal() === encrypted);
  if (key && !closed) return { key, previousKey };
  const opened = await openedKeys(of);
  // One that the environment names stands above the file's.
  const readable = (one: Secret | undefined) => (one?.reveal() === encrypted ? undefined : one);
  const found = readable(key) ?? opened.key;
  if (!found) throw keyUnknown(of.stack);
  return { key: found, previousKey: readable(previousKey) ?? opened.previousKey };
}

async function openedKeys({ stack, configFile }: StackNamed): Promise<Partial<Keys>> {
  const { chooseEngine } = require("./engine") as typeof import("./engine");
  const { resolvePlace } = require("./stack-place") as typeof import("./stack-place");
  try {
    const { engine } = await chooseEngine("auto");
    const values = await engine.config(
      await resolvePlace({ stack, ...(configFile !== undefined && { configFile }) }),
    );
    const { key, previousKey } = databaseKeys.parse(JSON.parse(values["dnd-tracker:database"] ?? "{}"));
    return {
      ...(key && { key: new Secret(key) }),
      previousKey: previousKey ? new Secret(previousKey) : undefined,
    };
  } catch (error) {
    if (error instanceof OperatorError) throw keyUnknown(stack, error);
    throw error;
  }
}

const databaseKeys = z.looseObject({ key: z.string().optional(), previousKey: z.string().optional() });

const entered = new Map<string, Promise<Leave>>();

/** Whether this process has been let in at a cluster, so that another connection costs nothing more. */
export function isEntered(): boolean {
  return entered.size > 0;
}

/** Lets this machine in until the command has nothing left to do; what stays by mistake ends by itself. */
async function enterOnce(project: string): Promise<void> {
  const before = entered.get(project);
  if (before) return void (await before);
  const { enter } = require("../infra/engines/reach") as typeof import("../infra/engines/reach");
  const { atlasApiOf } = require("../infra/drivers/atlas-api") as typeof import("../infra/drivers/atlas-api");
  const entering = enter(project, { api: atlasApiOf(process.env) });
  entered.set(project, entering);
  const leave = await entering;
  process.once("beforeExit", () => {
    leave().catch((error: Error) =>
      process.stderr.write(`This machine stays on Atlas' access list for two hours: ${error.message}\n`),
    );
  });
}

function keyUnknown(stack: string, cause?: OperatorError): OperatorError {
  const why = cause ? `: ${cause.message.split("\n")[0] ?? ""}` : "";
  return new OperatorError({
    code: "stack-key-unknown",
    kind: "usage",
    message: `the key that the users of the stack ${stack}'s database log in by cannot be opened by this command${why}`,
    remedy:
      "Set what opens the stack's secrets (PULUMI_CONFIG_PASSPHRASE, or `pulumi login`), or the key itself: DND_DATABASE_KEY, as `pulumi config get --path dnd-tracker:database.key` shows it.",
    cause,
  });
}

function notUp(project: string): OperatorError {
  return new OperatorError({
    code: "cluster-being-made",
    message: `the cluster ${project} has no address yet: Atlas is still making it`,
    remedy: "Wait until Atlas shows it as up, then run the command again.",
  });
}
