import { systemClock, type Clock } from "../../support";
import { accessCalls } from "./access-calls";
import { accountCalls } from "./account-calls";
import { atlasBaseUrl, checkedBaseUrl } from "./base-url";
import type { AtlasApi } from "./contract";
import { atlasCredentials, type AtlasCredentials } from "./credentials";
import { pathOf } from "./path";
import { sendThrough } from "./request";
import { callerAddressSchema, clusterSchema, projectSchema } from "./schemas";
import { signingWith, type Fetch } from "./signing";
import { snapshotCalls } from "./snapshot-calls";
import { userNames } from "./user-names";

export interface AtlasApiOptions {
  credentials: AtlasCredentials;
  /** Atlas' own unless told otherwise. */
  baseUrl?: string;
  clock?: Clock;
  fetch?: Fetch;
  /** So many times a read is tried; 4 unless told otherwise. */
  attempts?: number;
}

/** The API as the environment names it: address and credentials. */
export function atlasApiOf(environment: NodeJS.ProcessEnv): AtlasApi {
  return openAtlasApi({ credentials: atlasCredentials(environment), baseUrl: atlasBaseUrl(environment) });
}

/** The API for one set of credentials, whose nonce or token all its calls share. */
export function openAtlasApi(options: AtlasApiOptions): AtlasApi {
  const clock = options.clock ?? systemClock;
  const fetchWith = options.fetch ?? ((url, init) => fetch(url, init));
  const baseUrl = checkedBaseUrl(options.baseUrl ?? "https://cloud.mongodb.com");
  const place = { baseUrl, clock, fetch: fetchWith };
  const signing = signingWith(options.credentials, place);
  const send = sendThrough({ ...place, signing, attempts: options.attempts ?? 4 });
  return {
    project: (name, options) =>
      send(
        {
          doing: `find the project ${name}`,
          method: "GET",
          path: pathOf("groups", "byName", name),
          version: "2023-01-01",
          right: "Project Read Only",
          answer: projectSchema,
        },
        options,
      ),
    cluster: (projectId, name, options) =>
      send(
        {
          doing: `find the cluster ${name}`,
          method: "GET",
          path: pathOf("groups", projectId, "clusters", name),
          version: "2024-08-05",
          right: "Project Read Only",
          answer: clusterSchema,
        },
        options,
      ),
    callerAddress: async (options) => {
      const { currentIpv4Address } = await send(
        {
          doing: "tell this machine's address",
          method: "GET",
          // The vendor's own tools ask here; it is no part of the documented API and knows no versions.
          path: "/api/private/ipinfo",
          version: null,
          right: "Organization Member",
          answer: callerAddressSchema,
        },
        options,
      );
      return currentIpv4Address;
    },
    userNames: userNames(send),
    snapshots: snapshotCalls(send),
    access: accessCalls(send),
    account: accountCalls(send, options.credentials),
  };
}
