import * as pulumi from "@pulumi/pulumi";
import type { AppAddresses, CloudObserverOptions } from "../components/fly-deployed-app";
import type { DatabaseAddress } from "../components/release";
import type { Secret } from "../infra/support";
import { begunClusterVariable } from "./begun-cluster";
import type { AtlasSettings } from "./database-settings";
import { egressRegions, flyWay } from "./egress-regions";
import { resolved } from "./platform";
import { SettingsError, type Settings } from "./settings";
import { atlasProject } from "./snapshot-settings";

/** A database as a stack in the cloud needs it, whoever made it. */
export interface CloudDatabase {
  /** For the steps of a release: known when the database can be used. */
  address: pulumi.Output<DatabaseAddress>;
  /** For the plan, which cannot wait. */
  planned: CloudObserverOptions["database"];
  /** The app's own connection string. */
  appUri: pulumi.Output<string>;
  /** That of the monitor, which reads the app's data and writes the operations' own. */
  monitorUri: pulumi.Output<string>;
  host: pulumi.Output<string> | undefined;
  /** Lets the app's addresses in, one for each region. */
  admit: (app: AppAddresses, parent: pulumi.Resource) => pulumi.CustomResource[];
  /** Where this machine must not come to it, it is told here who goes in its place: the app comes first then. */
  goOverFly?: (told: OverFly) => void;
}

/** A machine of the app's goes to the database. */
export interface OverFly {
  /** What it runs; undefined while that is yet to be built. */
  image: () => Promise<string | undefined>;
  /** Known when the app's addresses are let in and the image is there. */
  admitted: pulumi.Output<unknown>;
}

/** The database that the settings want: one that is there, or a cluster of the stack's own. */
export function cloudDatabase(settings: Settings): CloudDatabase {
  const { database } = settings;
  if (database.kind === "atlas") return atlasDatabase(settings, database);
  return databaseGiven(settings);
}

/** The steps take the full address from the environment when they run, so that a rotated password is no change. */
function databaseGiven({ database }: Settings): CloudDatabase {
  const uri = process.env.MONGODB_URI;
  if (!uri) {
    throw refused(
      "database.uri",
      "is not in the environment",
      "the database's address, with user and password, in MONGODB_URI",
    );
  }
  const bare = uri.replace(/\/\/[^@/]*@/, "//");
  const address: DatabaseAddress = { uri: bare, name: database.name, credentials: "environment" };
  return {
    address: pulumi.output(address),
    planned: address,
    appUri: pulumi.secret(uri),
    monitorUri: pulumi.secret(uri),
    host: undefined,
    admit: () => [],
  };
}

/** A cluster at Atlas; the machine that deploys and the app's own fixed addresses are let in, and nobody else. */
function atlasDatabase(settings: Settings, database: AtlasSettings): CloudDatabase {
  const { environment, app } = settings;
  const { orgId, projectId, key, tier, region, version, accessList, alertEmails } = database;
  if (!orgId) throw refused("database.orgId", "is missing", "the organization of Atlas that pays");
  if (!key)
    throw refused(
      "database.key",
      "is missing",
      'a secret of your own: `pulumi config set --secret --path dnd-tracker:database.key "$(openssl rand -hex 32)"`',
    );
  if (!app.addresses.egress && accessList.length === 0)
    throw refused(
      "app.addresses.egress",
      "is false",
      "true, or addresses in database.accessList: nobody else may connect",
    );
  const tooWide = accessList.find((one) => prefixOf(one) < narrowestOpen);
  if (environment === "production" && tooWide !== undefined)
    throw refused(
      "database.accessList",
      `lets ${tooWide} in`,
      `named addresses in production, none wider than /${narrowestOpen}`,
    );

  if (database.reach === "fly") refuseUnlessByFly(app);

  const { AtlasDatabase, ReachedCluster, letIn, useStackKey } =
    require("../components/atlas-database") as typeof import("../components/atlas-database");
  const stackKey = {
    key: keyFrom(key),
    previousKey: database.previousKey && keyFrom(database.previousKey),
    rotation: database.rotation,
  };
  useStackKey(stackKey);
  const project = atlasProject(settings);
  const overFly = later<OverFly>();
  const reach = new ReachedCluster({
    project,
    cluster: project,
    database: database.name,
    lettingIn: database.reach === "temporary",
    ...(database.reach === "fly" && {
      outpost: {
        way: flyWay(app),
        image: async () => (await overFly.promise).image(),
        admitted: overFly.promise.then(({ admitted }) => known(admitted)),
      },
    }),
  });
  const atlas = new AtlasDatabase("database", {
    environment,
    orgId: resolved(settings, "database.orgId", orgId),
    projectId: projectId === undefined ? undefined : resolved(settings, "database.projectId", projectId),
    ...{ name: database.name, project, tier, region, version, accessList, alertEmails },
    largestTier: database.largestTier ?? tier,
    begun: process.env[begunClusterVariable],
    maintenance: database.maintenance,
    restoreWindowDays: database.restoreWindowDays,
    key: stackKey,
    addressAt: (uri) => reach.addressAt(uri),
    reached: (uri) => reach.ready(uri),
  });
  return {
    address: atlas.address,
    planned: reach.observe,
    appUri: atlas.appUri,
    monitorUri: atlas.monitorUri,
    host: atlas.host,
    ...(database.reach === "fly" && { goOverFly: overFly.settle }),
    admit: (addresses, parent) =>
      egressRegions(app).map((one) =>
        letIn(
          `database-access-${one}`,
          { projectId: atlas.projectId, cidrBlock: egressOf(addresses, one), environment },
          { parent },
        ),
      ),
  };
}

/** What a machine at Fly needs to go to the database: an address that is let in, and `dnd` in its image. */
function refuseUnlessByFly({ addresses, build }: Settings["app"]): void {
  if (!addresses.egress)
    throw refused(
      "app.addresses.egress",
      "is false, and database.reach is fly",
      "true: who goes there is known by it",
    );
  if (build?.dockerfile === "Dockerfile")
    throw refused(
      "app.build.dockerfile",
      "is Dockerfile, and database.reach is fly",
      "Dockerfile.monitor, whose image has `dnd` beside the app: that is what goes to the database",
    );
}

/** A value that is settled once it is known. */
function later<T>(): { promise: Promise<T>; settle: (value: T) => void } {
  let settle!: (value: T) => void;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, settle };
}

/** Only an update waits for it: a preview would for ever. */
function known(output: pulumi.Output<unknown>): Promise<void> {
  return new Promise((resolve) => void output.apply(() => resolve()));
}

/** What leaves the app's machines of a region always comes from the same address. */
function egressOf(addresses: AppAddresses, region: string): pulumi.Output<string> {
  return addresses.apply((all) => {
    const found = all.find((one) => one.type === "egress_v4" && one.region === region);
    if (!found)
      throw new pulumi.RunError(`Fly gave the app no fixed address in ${region} for what leaves it.`);
    return `${found.ip}/32`;
  });
}

/** Wider than one organization's own network is open to strangers, whatever its address begins with. */
const narrowestOpen = 16;

function prefixOf(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

const shortestKey = 32;

function keyFrom(key: Secret): Secret {
  if (key.reveal().length >= shortestKey) return key;
  throw refused("database.key", "is too short", `a secret of ${shortestKey} characters or more`);
}

function refused(path: string, value: string, allowed: string): SettingsError {
  return new SettingsError([{ key: `dnd-tracker:${path}`, value, allowed }]);
}
