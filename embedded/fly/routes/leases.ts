import { z } from "zod";
import { invalid, refuse } from "../refusal";
import type { Lease } from "../world/lease";
import { machineOf } from "./machines";
import { bodyOf, type Route } from "./route";

const path = "/v1/apps/{app}/machines/{id}/lease";

const wish = z.looseObject({ ttl: z.int().optional(), description: z.string().nullish() });
const usualTtl = 13;
const nonceHeader = "fly-machine-lease-nonce";

export const leaseRoutes: Route[] = [
  {
    method: "GET",
    path,
    action: "look lease",
    answer: (asked) => {
      const lease = machineOf(asked).leases.current;
      if (!lease) throw refuse(404, "lease not found");
      return { body: wrapped(lease, false) };
    },
  },
  {
    method: "POST",
    path,
    action: "lease",
    answer: (asked) => {
      const { ttl, description } = bodyOf(asked, wish);
      const seconds = asked.query.has("ttl") ? Number(asked.query.get("ttl")) : (ttl ?? usualTtl);
      if (!Number.isInteger(seconds) || seconds < 1)
        throw invalid("ttl must be a positive number of seconds");
      const shown = asked.headers.get(nonceHeader) ?? undefined;
      const lease = machineOf(asked).leases.take(
        asked.world.options.owner,
        seconds,
        description ?? "",
        shown,
      );
      return { status: 201, body: wrapped(lease, true) };
    },
  },
  {
    method: "DELETE",
    path,
    action: "release lease",
    answer: (asked) => {
      machineOf(asked).leases.release(asked.headers.get(nonceHeader) ?? undefined);
      return {};
    },
  },
];

function wrapped(lease: Lease, withNonce: boolean): unknown {
  const { nonce, expiresAt, owner, description, version } = lease;
  const data = { expires_at: Math.floor(expiresAt / 1000), owner, description, version };
  return { status: "success", data: withNonce ? { nonce, ...data } : data };
}
