import * as atlas from "./atlas";
import * as pulumi from "@pulumi/pulumi";
import { appUriAt, uriAt, type DatabaseAddress, type StackKey } from "../infra/resources";
import { atlasCare, type AtlasCareArgs } from "./atlas-care";
import { atlasCluster, type AtlasClusterArgs } from "./atlas-cluster";
import { atlasUsers } from "./atlas-users";
import { explain } from "./explain";
import { tagsOf } from "./tags";

export { ReachedCluster, useStackKey, type StackKey } from "../infra/resources";

export interface AtlasDatabaseArgs
  extends
    Pick<AtlasClusterArgs, "environment" | "tier" | "largestTier" | "region" | "version">,
    Pick<AtlasCareArgs, "alertEmails" | "maintenance" | "restoreWindowDays"> {
  /** The application's database; operations keep theirs in `<name>_ops`. */
  name: string;
  /** The project's name, and the cluster's in it. */
  project: string;
  orgId: pulumi.Input<string>;
  /** The project's id, where another stack has made it; else it is made here. */
  projectId?: pulumi.Input<string> | undefined;
  /** The cluster, by the id that an import takes, where an interrupted run has begun it. */
  begun?: string | undefined;
  /** Addresses that may connect, each in CIDR notation, beside those that are let in otherwise. */
  accessList: string[];
  /** What the users' passwords are worked out from. */
  key: StackKey;
  /** How a cluster at an address is reached. */
  addressAt: (uri: string) => DatabaseAddress;
  /** Waits until it may be used from here; a preview never asks. */
  reached: (uri: string) => Promise<DatabaseAddress>;
}

/** A MongoDB Atlas cluster in a project of its own, with its users and what watches over it, open to named addresses alone. */
export class AtlasDatabase extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly projectId: pulumi.Output<string>;
  /** Known when cluster and users are there and this machine is let in. */
  readonly address: pulumi.Output<DatabaseAddress>;
  /** The app's own connection string, a secret. */
  readonly appUri: pulumi.Output<string>;
  /** The monitor's, a secret too. */
  readonly monitorUri: pulumi.Output<string>;

  constructor(name: string, args: AtlasDatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:Database", name, {}, options);
    const { environment } = args;
    const production = environment === "production";
    const parent = { parent: this };
    const data = { ...parent, protect: production, retainOnDelete: production };

    this.projectId = pulumi.output(args.projectId ?? projectOf(name, args, data).id);
    const of = { projectId: this.projectId };
    const cluster = atlasCluster(
      `${name}-cluster`,
      { ...args, ...of, name: args.project },
      { ...data, ...(args.begun !== undefined && { import: args.begun }) },
    );
    const inCluster = { ...of, cluster: cluster.name };
    const users = atlasUsers({ ...inCluster, database: args.name, key: args.key }, parent);
    atlasCare(name, { ...args, ...inCluster }, parent);
    const entries = args.accessList.map((cidrBlock) =>
      letIn(`${name}-access-${cidrBlock}`, { ...of, cidrBlock, environment }, parent),
    );

    const uri = cluster.connectionStrings.apply(({ standardSrv, standard }) => standardSrv || standard || "");
    this.host = uri.apply((text) => text.replace(/^[^/]*\/\/|[/?].*$/g, ""));
    this.appUri = pulumi.secret(uri.apply((bare) => appUriAt(bare, args.key, args.name).reveal()));
    this.monitorUri = pulumi.secret(uri.apply((bare) => uriAt("backup", bare, args.key, args.name).reveal()));
    // A preview looks for itself where it plans: what it is told here it would have to wait for.
    const admitted = pulumi.all([...users, ...entries].map((one) => one.id));
    this.address = pulumi
      .all([uri, admitted])
      .apply(([bare]) =>
        pulumi.runtime.isDryRun() ? Promise.resolve(args.addressAt(bare)) : args.reached(bare).catch(explain),
      );
    this.registerOutputs({ host: this.host, address: this.address });
  }
}

/** A project of the stack's own. */
function projectOf(
  name: string,
  { project, orgId, environment }: AtlasDatabaseArgs,
  options: pulumi.CustomResourceOptions,
): atlas.Project {
  const args = { name: project, orgId, tags: tagsOf(environment), withDefaultAlertsSettings: false };
  return new atlas.Project(`${name}-project`, args, options);
}

/** One entry of a project's access list. */
export function letIn(
  name: string,
  entry: { projectId: pulumi.Input<string>; cidrBlock: pulumi.Input<string>; environment: string },
  options: pulumi.CustomResourceOptions,
): atlas.ProjectIpAccessList {
  const { projectId, cidrBlock, environment } = entry;
  return new atlas.ProjectIpAccessList(
    name,
    { projectId, cidrBlock, comment: `dnd-tracker ${environment}` },
    options,
  );
}
