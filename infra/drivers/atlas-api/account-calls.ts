import { z } from "zod";
import { callerRoles } from "./caller-roles";
import type { AccountCalls } from "./contract";
import type { AtlasCredentials } from "./credentials";
import { pathOf } from "./path";
import type { Send } from "./request";

const version = "2023-01-01";

const organizationSchema = z.looseObject({ id: z.string(), name: z.string() });
const projectsSchema = z.looseObject({
  results: z.array(z.looseObject({ id: z.string(), name: z.string() })).optional(),
  totalCount: z.int().optional(),
});
const regionsSchema = z.looseObject({
  results: z
    .array(
      z.looseObject({
        instanceSizes: z
          .array(
            z.looseObject({
              name: z.string().optional(),
              availableRegions: z.array(z.looseObject({ name: z.string() })).optional(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
});
const limitsSchema = z.array(
  z.looseObject({
    name: z.string(),
    value: z.number(),
    currentUsage: z.number().optional(),
  }),
);

export function accountCalls(send: Send, credentials: AtlasCredentials): AccountCalls {
  const get = <T>(doing: string, path: string, right: string, answer: z.ZodType<T>, signal: AbortSignal) =>
    send({ doing, method: "GET", path, version, right, answer }, { signal, timeoutMs: 20_000 });
  return {
    roles: (of, signal) => callerRoles(send, credentials, of, signal),
    organization: (id, signal) =>
      get(
        `find the organization ${id}`,
        pathOf("orgs", id),
        "Organization Member",
        organizationSchema,
        signal,
      ),
    projects: async (id, signal) => {
      const path = `${pathOf("orgs", id, "groups")}?itemsPerPage=500`;
      const { results = [], totalCount = results.length } = await get(
        `show the projects of the organization ${id}`,
        path,
        "Organization Member",
        projectsSchema,
        signal,
      );
      return { projects: results, count: totalCount };
    },
    regions: async (projectId, tier, signal) => {
      const asked = new URLSearchParams({ providers: "AWS", tier });
      const path = `${pathOf("groups", projectId, "clusters", "provider", "regions")}?${asked.toString()}`;
      const { results = [] } = await get(
        `show where ${tier} is to be had`,
        path,
        "Project Read Only",
        regionsSchema,
        signal,
      );
      const sizes = results.flatMap(({ instanceSizes = [] }) => instanceSizes);
      return sizes.flatMap(({ availableRegions = [] }) => availableRegions.map(({ name }) => name));
    },
    limits: (projectId, signal) =>
      get(
        "show the project's limits",
        pathOf("groups", projectId, "limits"),
        "Project Read Only",
        limitsSchema,
        signal,
      ),
  };
}
