import { FlyNotAllowed, type FlyApi } from "../../../infra/drivers/fly-api";
import type { Settings } from "../../../stacks/settings";
import { missing, ok, type Finding } from "../finding";
import { looked, patienceMs } from "./looked";

type App = Settings["app"];

export const tokenOf = (organization: string) =>
  `Make one with \`fly tokens create org ${organization}\` and set FLY_API_TOKEN to it.`;

/** Whether the app can be made or changed at Fly: token, organization, names and regions. */
export function examineFly(app: App, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  return looked("Fly token", async () => {
    const { openFlyApiOf } =
      require("../../../infra/drivers/fly-api") as typeof import("../../../infra/drivers/fly-api");
    const api = openFlyApiOf(env);
    const signal = AbortSignal.timeout(patienceMs);
    const token = await tokenFinding(api, app, signal);
    if (token.status === "missing") return [token];
    return [
      token,
      await nameFinding(api, app, signal),
      ...(await registryFinding(api, app, signal)),
      await regionsFinding(api, app, signal),
    ];
  });
}

/** A token of one app sees that app and may not list what else there is. */
async function tokenFinding(api: FlyApi, { organization, name }: App, signal: AbortSignal): Promise<Finding> {
  const what = "Fly token";
  try {
    const all = await api.apps.list(organization, { signal });
    return ok(what, `of the organization ${organization}, which has ${all.length} apps`);
  } catch (error) {
    if (!(error instanceof FlyNotAllowed)) throw error;
    const own = await api.apps.get(name, { signal }).catch(() => undefined);
    if (own) return ok(what, `of the app ${name} alone, which is there`);
    return missing(
      what,
      `Fly takes it for nobody of the organization ${organization}: it is wrong, has expired, or is of one app and that is not made yet`,
      tokenOf(organization),
    );
  }
}

async function nameFinding(api: FlyApi, { name, organization }: App, signal: AbortSignal): Promise<Finding> {
  const what = "app.name";
  const remedy = "Choose another name: those of apps are one space for the whole world.";
  try {
    const found = await api.apps.get(name, { signal });
    if (!found)
      return ok(what, `${name} is not there yet: the first \`up\` makes it, unless a stranger has the name`);
    const owner = found.organization?.slug;
    if (owner !== undefined && owner !== organization)
      return missing(what, `${name} belongs to the organization ${owner}, not ${organization}`, remedy);
    return ok(what, `${name} is there`);
  } catch (error) {
    if (!(error instanceof FlyNotAllowed)) throw error;
    return missing(what, `${name} is taken by somebody else`, remedy);
  }
}

/** Images of all stacks may lie at an app that runs nothing. */
async function registryFinding(
  api: FlyApi,
  { repository, name }: App,
  signal: AbortSignal,
): Promise<Finding[]> {
  const [, holder] = /^registry\.fly\.io\/([^/:@]+)/.exec(repository ?? "") ?? [];
  if (holder === undefined || holder === name) return [];
  const what = "app.repository";
  const found = await api.apps.get(holder, { signal }).catch(() => undefined);
  if (found) return [ok(what, `the app ${holder} holds the images`)];
  return [
    missing(
      what,
      `the app ${holder}, which is to hold the images, is not there`,
      `Make it once: \`fly apps create ${holder}\`.`,
    ),
  ];
}

async function regionsFinding(
  api: FlyApi,
  { regions, fallbackRegions }: App,
  signal: AbortSignal,
): Promise<Finding> {
  const what = "app.regions";
  const there = new Set((await api.platform.regions({ signal })).map(({ code }) => code));
  const strange = [...regions, ...fallbackRegions].filter((region) => !there.has(region));
  if (strange.length === 0) return ok(what, regions.join(", "));
  return missing(
    what,
    `Fly has no region ${strange.join(", ")}`,
    `Choose among ${[...there].sort().join(", ")}.`,
  );
}
