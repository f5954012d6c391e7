import * as atlas from "./atlas";
import type * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "./tags";

export type Tier = "M0" | "FLEX" | "M10" | "M20" | "M30" | "M40" | "M50";

export interface AtlasClusterArgs {
  environment: string;
  projectId: pulumi.Input<string>;
  name: string;
  tier: Tier;
  region: string;
  version: string;
  /** The largest tier that the cluster grows to by itself; its own where it does not. */
  largestTier: Tier;
}

/** The cluster: what is asked of it is what its tier can have. */
export function atlasCluster(
  name: string,
  args: AtlasClusterArgs,
  options: pulumi.CustomResourceOptions,
): atlas.AdvancedCluster {
  const production = args.environment === "production";
  return new atlas.AdvancedCluster(
    name,
    {
      projectId: args.projectId,
      name: args.name,
      clusterType: "REPLICASET",
      replicationSpecs: [{ regionConfigs: [regionOf(args)] }],
      terminationProtectionEnabled: production,
      tags: tagsOf(args.environment),
      // What the cluster has grown to by itself is not taken back.
      ...(isDedicated(args.tier) ? { useEffectiveFields: true } : {}),
      ...(isDedicated(args.tier) ? dedicatedSettings(args, production) : {}),
    },
    options,
  );
}

/** Free and flex clusters are tenants of a shared one; only dedicated ones choose their size and settings themselves. */
export function isDedicated(tier: Tier): boolean {
  return tier !== "M0" && tier !== "FLEX";
}

function regionOf({ region, tier, largestTier }: AtlasClusterArgs) {
  const place = { regionName: region, priority: 7 };
  if (tier === "FLEX") return { ...place, providerName: "FLEX", backingProviderName: "AWS" };
  if (tier === "M0") {
    const electableSpecs = { instanceSize: tier };
    return { ...place, providerName: "TENANT", backingProviderName: "AWS", electableSpecs };
  }
  const grows = largestTier !== tier;
  const sizes = { computeMinInstanceSize: tier, computeMaxInstanceSize: largestTier };
  return {
    ...place,
    providerName: "AWS",
    electableSpecs: { instanceSize: tier, nodeCount: 3 },
    autoScaling: {
      diskGbEnabled: true,
      computeEnabled: grows,
      computeScaleDownEnabled: grows,
      ...(grows ? sizes : {}),
    },
  };
}

function dedicatedSettings({ version }: AtlasClusterArgs, production: boolean) {
  return {
    mongoDbMajorVersion: version,
    backupEnabled: true,
    pitEnabled: production,
    retainBackupsEnabled: production,
    advancedConfiguration: {
      javascriptEnabled: false,
      minimumEnabledTlsProtocol: "TLS1_2",
      noTableScan: true,
      oplogSizeMb: 2048,
    },
  };
}
