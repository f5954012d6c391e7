import { z } from "zod";
import type { AtlasRole } from "./contract";
import type { AtlasCredentials } from "./credentials";
import { AtlasNotFound, AtlasRightMissing } from "./errors";
import { pathOf } from "./path";
import type { Send } from "./request";

const keySchema = z.looseObject({
  apiKey: z
    .looseObject({
      roles: z
        .array(
          z.looseObject({
            roleName: z.string(),
            orgId: z.string().optional(),
            groupId: z.string().optional(),
          }),
        )
        .optional(),
    })
    .nullish(),
});
const accountSchema = z.looseObject({ roles: z.array(z.string()).optional() });

interface Place {
  orgId: string;
  projectId?: string | undefined;
}

/** What whoever calls may do in an organization and in one of its projects; undefined where Atlas does not say. */
export async function callerRoles(
  send: Send,
  credentials: AtlasCredentials,
  place: Place,
  signal: AbortSignal,
): Promise<AtlasRole[] | undefined> {
  if (credentials.kind === "service-account")
    return rolesOfAccount(send, credentials.clientId, place, signal).catch(unlessForbidden);
  const call = {
    doing: "tell who calls",
    method: "GET",
    path: "/api/atlas/v2",
    version: "2023-01-01",
  } as const;
  const right = "Organization Member";
  const { apiKey } = await send({ ...call, right, answer: keySchema }, { signal, timeoutMs });
  return apiKey?.roles;
}

const timeoutMs = 20_000;

/** Of a service account the organization knows some roles, and each project its own. */
async function rolesOfAccount(
  send: Send,
  clientId: string,
  { orgId, projectId }: Place,
  signal: AbortSignal,
): Promise<AtlasRole[]> {
  const at = async (path: string, right: string): Promise<string[]> => {
    const call = { doing: `show the service account ${clientId}`, method: "GET", path } as const;
    const asked = { ...call, version: "2024-08-05", right, answer: accountSchema };
    return (await send(asked, { signal, timeoutMs })).roles ?? [];
  };
  const there = await at(pathOf("orgs", orgId, "serviceAccounts", clientId), "Organization Member");
  const own =
    projectId === undefined
      ? []
      : await at(pathOf("groups", projectId, "serviceAccounts", clientId), "Project Read Only").catch(
          (error: unknown) => {
            if (error instanceof AtlasNotFound) return [];
            throw error;
          },
        );
  return [
    ...there.map((roleName) => ({ roleName, orgId })),
    ...own.map((roleName) => ({ roleName, groupId: projectId })),
  ];
}

function unlessForbidden(error: unknown): undefined {
  if (!(error instanceof AtlasRightMissing)) throw error;
}
