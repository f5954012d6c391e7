import { imageOf, time } from "../routes/machine-view";
import type { FlyApp } from "../world/fly-app";
import { imageDigest } from "../world/ids";
import type { Release } from "../world/releases";
import type { World } from "../world/world";
import { addressMutations, addressSource } from "./addresses";
import type { Source } from "./answer";

/** An error that the graph answers with, beside a null. */
export class GraphError extends Error {}

/** What Fly's own tool asks of the graph: apps, their releases, their images. */
export function graphOf(world: World): Source {
  return {
    ...addressMutations(world),
    app: ({ name }: { name: string }) => appSource(world, named(world, name)),
    canPerformBluegreenDeployment: ({ name }: { name: string }) => named(world, name).name === name,
    appNameAvailable: ({ name }: { name: string }) => !world.apps.has(name),
    apps: () => ({
      nodes: [...world.apps.values()].map((app) => appSource(world, app)),
      pageInfo: { hasNextPage: false, endCursor: "" },
    }),
    organization: ({ slug }: { slug: string }) => organizationSource(slug),
    organizations: () => ({ nodes: slugs(world).map(organizationSource) }),
    viewer: { __typename: "User", id: "1", email: world.options.owner, name: world.options.owner },
    user: { id: "1", email: world.options.owner },
    platform: () => ({
      requestRegion: world.options.regions[0],
      regions: world.options.regions.map((code) => ({ code, name: code, gatewayAvailable: true })),
    }),
    nearestRegion: () => ({ code: world.options.regions[0], name: world.options.regions[0] }),
    latestImageDetails: () => {
      throw new GraphError("Unknown repository");
    },
    validateWireGuardPeers: () => {
      throw new GraphError("there is no private network here");
    },
  };
}

function appSource(world: World, app: FlyApp): Source {
  const { name, record } = app;
  const [newest] = app.releases.all;
  const release = newest ? releaseSource(world, newest) : null;
  return {
    __typename: "App",
    id: name,
    internalNumericId: app.number,
    name,
    hostname: `${name}.fly.dev`,
    cnameTarget: `${app.id.slice(0, 7)}.${name}.fly.dev`,
    deployed: app.machines.size > 0,
    network: record.network,
    status: app.status,
    appUrl: `https://${name}.fly.dev`,
    platformVersion: "machines",
    organization: organizationSource(record.organization),
    role: null,
    currentRelease: release,
    currentReleaseUnprocessed: release,
    releases: () => ({ nodes: releasesOf(world, app) }),
    releasesUnprocessed: ({ first }: { first?: number }) => ({
      nodes: releasesOf(world, app).slice(0, first),
    }),
    image: ({ ref }: { ref: string }) => imageSource(world, ref),
    machines: { nodes: [] },
    sharedIpAddress: app.addresses.all.find(({ kind }) => kind === "shared_v4")?.ip ?? null,
    ipAddresses: {
      nodes: app.addresses.all.filter(({ kind }) => kind !== "shared_v4").map(addressSource),
    },
    config: { definition: newest?.definition ?? {} },
    egressIpAddresses: { nodes: [] },
  };
}

/** An organization as both of the tool's interfaces know it; the graph writes its number as a string. */
function organizationSource(slug: string): Source {
  return {
    id: slug,
    internalNumericId: "1",
    slug,
    rawSlug: slug,
    name: slug,
    type: "SHARED",
    paidPlan: true,
    viewerRole: "admin",
    billable: true,
    remoteBuilderImage: "",
    addOnSsoLink: "",
    provisionsBetaExtensions: false,
    settings: {},
  };
}

function releaseSource(world: World, release: Release): Source {
  const { id, version, status, image, description, createdAt } = release;
  const email = world.options.owner;
  return {
    id,
    version,
    description,
    reason: "",
    status,
    imageRef: image,
    stable: true,
    inProgress: status === "running",
    evaluationId: id,
    user: { id: "1", email, name: email },
    createdAt: time(createdAt),
    configDefinition: release.definition ?? {},
    deploymentStrategy: release.strategy,
  };
}

function releasesOf(world: World, app: FlyApp): Source[] {
  return app.releases.all.map((release) => releaseSource(world, release));
}

function imageSource(world: World, ref: string): Source | null {
  if (!world.options.runtime.knows(ref)) return null;
  const { digest } = imageOf(ref);
  // The size is a number that travels as text.
  return {
    id: imageDigest(ref),
    digest,
    ref,
    compressedSize: "1048576",
    compressedSizeFull: "1048576",
    manifest: {},
  };
}

function named(world: World, name: string): FlyApp {
  const app = world.apps.get(name);
  if (!app) throw new GraphError(`Could not find App "${name}"`);
  return app;
}

function slugs(world: World): string[] {
  const used = [...world.apps.values()].map(({ record }) => record.organization);
  return [...new Set([...(world.options.organizations ?? []), ...used])];
}
