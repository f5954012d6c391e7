import { FlyNotFound, type FlyApi } from "../../drivers/fly-api";
import { OperatorError } from "../../support";
import { WrongOrganization } from "./apps";
import { configOf, marksOf, ownerMark } from "./marks";
import type { GroupWish } from "./wish";

export interface ForeseeOptions {
  api: FlyApi;
  signal?: AbortSignal | undefined;
}

/** Throws what would make the app's creation fail, found out by looking alone: token, organization, name. */
export async function foreseeApp(
  { name, organization }: { name: string; organization: string },
  { api, signal }: ForeseeOptions,
): Promise<void> {
  try {
    await api.apps.list(organization, { signal });
  } catch (error) {
    throw error instanceof FlyNotFound ? noOrganization(organization, error) : error;
  }
  const slug = (await api.apps.get(name, { signal }))?.organization?.slug;
  if (slug !== undefined && slug !== organization) throw new WrongOrganization(name, slug, organization);
}

/** Throws where an app that would be taken over has machines that a stack of another environment has made. */
export async function refuseAppOfAnother(
  { name, environment }: { name: string; environment: string },
  { api, signal }: ForeseeOptions,
): Promise<void> {
  if (!(await api.apps.get(name, { signal }))) return;
  const own = (await api.machines.list(name, { signal })).filter((one) => marksOf(one).owner === ownerMark);
  const serves = own.map((one) => configOf(one).env?.DEPLOY_ENV);
  const another = serves.find((one) => one !== undefined && one !== environment);
  if (another === undefined) return;
  throw new OperatorError({
    code: "fly-app-of-another-environment",
    message: `app ${name} is there and serves ${another}, not ${environment}`,
    remedy: "Choose another name in app.name: two stacks would overwrite each other's secrets and machines.",
    kind: "refused",
  });
}

/** The regions that groups name and Fly does not have, in words. */
export async function whyNotRegions(
  groups: readonly GroupWish[],
  fallback: readonly string[],
  { api, signal }: ForeseeOptions,
): Promise<string[]> {
  const wanted = new Set([...groups.flatMap(({ counts }) => Object.keys(counts)), ...fallback]);
  const known = (await api.platform.regions({ signal })).map(({ code }) => code);
  return [...wanted]
    .filter((region) => !known.includes(region))
    .map((region) => `there is no region ${region} at Fly; there are ${[...known].sort().join(", ")}`);
}

function noOrganization(organization: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: "fly-no-organization",
    message: `there is no organization ${organization} that this token may see`,
    remedy: "Set app.organization to one that `fly orgs list` shows, or FLY_API_TOKEN to a token of it.",
    kind: "usage",
    cause,
  });
}
