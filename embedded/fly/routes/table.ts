import { addressRoutes } from "./addresses";
import { appRoutes } from "./apps";
import { certificateRoutes } from "./certificates";
import { leaseRoutes } from "./leases";
import { machineRoutes } from "./machines";
import { memoryRoutes } from "./memory";
import { metadataRoutes } from "./metadata";
import { platformRoutes } from "./platform";
import type { Route } from "./route";
import { secretRoutes } from "./secrets";
import { toolRoutes } from "./tool";
import { verbRoutes } from "./verbs";
import { volumeRoutes } from "./volumes";
import { waitRoutes } from "./wait";

/** All routes. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...machineRoutes,
  ...verbRoutes,
  ...leaseRoutes,
  ...waitRoutes,
  ...memoryRoutes,
  ...metadataRoutes,
  ...volumeRoutes,
  ...secretRoutes,
  ...addressRoutes,
  ...certificateRoutes,
  ...platformRoutes,
  ...toolRoutes,
];

export interface Match {
  route: Route;
  params: Record<string, string>;
}

const compiled = routes.map((route) => ({ route, segments: route.path.split("/") }));

/** The route of a method and path, with what its path holds. */
export function match(method: string, path: string): Match | undefined {
  const given = path.split("/");
  for (const { route, segments } of compiled) {
    if (route.method !== method || segments.length !== given.length) continue;
    const params = paramsOf(segments, given);
    if (params) return { route, params };
  }
  return undefined;
}

function paramsOf(segments: string[], given: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? "";
    if (segment.startsWith("{")) {
      if (value === "") return undefined;
      params[segment.slice(1, -1)] = decodeURIComponent(value);
    } else if (segment !== value) return undefined;
  }
  return params;
}
