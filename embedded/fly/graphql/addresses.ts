import { z } from "zod";
import { time } from "../routes/machine-view";
import { addressKinds, type Address } from "../world/addresses";
import type { World } from "../world/world";
import type { Source } from "./answer";

const allocation = z.looseObject({
  input: z.looseObject({
    appId: z.string(),
    type: z.enum(addressKinds),
    region: z.string().nullish(),
    serviceName: z.string().nullish(),
  }),
});
const release = z.looseObject({ input: z.looseObject({ appId: z.string(), ip: z.string() }) });

/** How Fly's own tool gives an app addresses and takes them away. */
export function addressMutations(world: World): Source {
  return {
    allocateIpAddress: (args: unknown) => {
      const { appId, type, region, serviceName } = allocation.parse(args).input;
      const app = world.app(appId);
      const { network, organization } = app.record;
      const [given] = app.addresses.assign({
        type,
        region: region || undefined,
        serviceName: serviceName || undefined,
        network: type === "private_v6" ? { name: network, org_slug: organization } : null,
      });
      const sharedIpAddress = given?.kind === "shared_v4" ? given.ip : null;
      return { ipAddress: given ? addressSource(given) : null, app: { sharedIpAddress } };
    },
    releaseIpAddress: (args: unknown) => {
      const { appId, ip } = release.parse(args).input;
      world.app(appId).addresses.release(ip);
      return { clientMutationId: null };
    },
  };
}

export function addressSource({ ip, kind, region, createdAt, serviceName, network }: Address): Source {
  return {
    id: ip,
    address: ip,
    type: kind,
    region,
    serviceName,
    createdAt: time(createdAt),
    network: network && { name: network.name, organization: { slug: network.org_slug } },
  };
}
