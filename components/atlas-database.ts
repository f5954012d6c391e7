import * as atlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";

export interface AtlasDatabaseArgs {
  environment: string;
  /** The application's database; operations keep theirs in `<name>_ops`. */
  name: string;
  project: string;
  orgId: string;
  tier: "M0" | "FLEX" | "M10" | "M20" | "M30";
  region: string;
  version: string;
  /** Addresses that may connect, each in CIDR notation; nobody else can. */
  accessList: string[];
}

/** A MongoDB Atlas cluster in a project of its own, open to the named addresses alone. */
export class AtlasDatabase extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;

  constructor(name: string, args: AtlasDatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:Database", name, {}, options);
    const production = args.environment === "production";
    const parent = { parent: this };
    const data = { ...parent, protect: production, retainOnDelete: production };

    const project = new atlas.Project(`${name}-project`, { name: args.project, orgId: args.orgId }, data);
    const cluster = new atlas.AdvancedCluster(
      `${name}-cluster`,
      {
        projectId: project.id,
        name: args.project,
        clusterType: "REPLICASET",
        replicationSpecs: [{ regionConfigs: [regionOf(args)] }],
        terminationProtectionEnabled: production,
        ...(isDedicated(args.tier) ? dedicatedSettings(args, production) : {}),
      },
      data,
    );
    for (const cidrBlock of args.accessList) {
      const comment = `dnd-tracker ${args.environment}`;
      new atlas.ProjectIpAccessList(
        `${name}-access-${cidrBlock}`,
        { projectId: project.id, cidrBlock, comment },
        parent,
      );
    }

    this.host = cluster.connectionStrings.apply((strings) => strings.standardSrv ?? "");
    this.registerOutputs({ host: this.host });
  }
}

function isDedicated(tier: AtlasDatabaseArgs["tier"]): boolean {
  return tier !== "M0" && tier !== "FLEX";
}

/** Free and flex clusters are tenants of a shared one; only dedicated ones choose their size themselves. */
function regionOf(args: AtlasDatabaseArgs) {
  const place = { regionName: args.region, priority: 7 };
  if (args.tier === "FLEX") return { ...place, providerName: "FLEX", backingProviderName: "AWS" };
  const electableSpecs = { instanceSize: args.tier, ...(isDedicated(args.tier) ? { nodeCount: 3 } : {}) };
  if (args.tier === "M0")
    return { ...place, providerName: "TENANT", backingProviderName: "AWS", electableSpecs };
  return { ...place, providerName: "AWS", electableSpecs };
}

/** What only a dedicated cluster lets one choose. */
function dedicatedSettings(args: AtlasDatabaseArgs, production: boolean) {
  return {
    mongoDbMajorVersion: args.version,
    backupEnabled: true,
    pitEnabled: production,
    advancedConfiguration: {
      javascriptEnabled: false,
      minimumEnabledTlsProtocol: "TLS1_2",
      noTableScan: true,
      oplogSizeMb: 2048,
    },
  };
}
