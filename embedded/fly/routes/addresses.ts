import { z } from "zod";
import { refusePlainly } from "../refusal";
import { addressKinds, type Address } from "../world/addresses";
import { time } from "./machine-view";
import { bodyOf, paramOf, type Answer, type Asked, type Route } from "./route";

const path = "/v1/apps/{app}/ip_assignments";

const wish = z.looseObject({
  type: z.enum(addressKinds),
  region: z.string().nullish(),
  org_slug: z.string().nullish(),
  network: z.string().nullish(),
  service_name: z.string().nullish(),
});

export const addressRoutes: Route[] = [
  {
    method: "GET",
    path,
    action: "list addresses",
    answer: (asked) => ({ body: { ips: bookOf(asked).all.map(viewOf) } }),
  },
  { method: "POST", path, action: "assign address", answer: assign },
  {
    method: "DELETE",
    path: `${path}/{ip}`,
    action: "release address",
    answer: (asked) => {
      bookOf(asked).release(paramOf(asked, "ip"));
      return { status: 204 };
    },
  },
];

function bookOf(asked: Asked) {
  return asked.world.app(paramOf(asked, "app")).addresses;
}

function assign(asked: Asked): Answer {
  const { type, region, org_slug, network, service_name } = bodyOf(asked, wish);
  const app = asked.world.app(paramOf(asked, "app"));
  if (region && !asked.world.options.regions.includes(region)) throw refusePlainly(400, "region not found");
  const known = [...asked.world.apps.values()].map(({ record }) => record.network);
  if (network && !known.includes(network)) throw refusePlainly(400, "network not found");
  const owner = { name: network ?? app.record.network, org_slug: org_slug ?? app.record.organization };
  const [first] = app.addresses.assign({
    type,
    region: region ?? undefined,
    serviceName: service_name ?? undefined,
    network: type === "private_v6" ? owner : null,
  });
  if (!first) throw new Error("an assignment gives an address");
  return { body: viewOf(first) };
}

function viewOf({ ip, kind, region, serviceName, createdAt, network }: Address): Record<string, unknown> {
  const shared = kind === "shared_v4";
  return { ip, type: kind, region, service_name: serviceName, shared, created_at: time(createdAt), network };
}
