import { AtlasNotFound } from "../../../infra/drivers/atlas-api";
import { FlyNotAllowed, type FlyApi, type FlyMachine } from "../../../infra/drivers/fly-api";
import { flyWay } from "../../../stacks/egress-regions";
import type { Settings } from "../../../stacks/settings";
import { atlasProject } from "../../../stacks/snapshot-settings";
import { missing, ok, warning, type Finding } from "../finding";
import { tokenOf } from "./fly";
import { isAmong } from "./is-among";
import { looked, patienceMs } from "./looked";

type App = Settings["app"];

const what = "database.reach";
const list = "Atlas access list";

/** Whether a machine of the app could go to the database in this one's place; none is started for that. */
export async function examineOverFly(settings: Settings, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { app } = settings;
  return [
    ok(what, `fly: a machine of ${app.name} goes to the database, and this one is never let in`),
    ...settingsFindings(app),
    ...(await looked(what, () => appFindings(settings, env))),
  ];
}

/** What every run refuses as well. */
function settingsFindings({ addresses, build }: App): Finding[] {
  const addressless = missing(
    "app.addresses.egress",
    "is false, and database.reach is fly: nobody would let the machine in that goes there",
    "Set it to true.",
  );
  const bare = missing(
    "app.build.dockerfile",
    "is Dockerfile, and database.reach is fly: its image has no `dnd` that could work there",
    "Set it to Dockerfile.monitor.",
  );
  return [...(addresses.egress ? [] : [addressless]), ...(build?.dockerfile === "Dockerfile" ? [bare] : [])];
}

async function appFindings(settings: Settings, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { openFlyApiOf } =
    require("../../../infra/drivers/fly-api") as typeof import("../../../infra/drivers/fly-api");
  const { name, organization } = settings.app;
  const api = openFlyApiOf(env);
  const signal = AbortSignal.timeout(patienceMs);
  try {
    if (!(await api.apps.get(name, { signal })))
      return [
        ok("app.image", `${name} is not there yet: the first \`up\` makes it and sends what it releases`),
      ];
    const image = imageFinding(await api.machines.list(name, { signal }));
    return [image, ...(await addressFindings(api, settings, env, signal))];
  } catch (error) {
    if (!(error instanceof FlyNotAllowed)) throw error;
    const found = `fly, and the token at Fly may not look at the machines of ${name}`;
    return [missing(what, found, tokenOf(organization))];
  }
}

function imageFinding(machines: FlyMachine[]): Finding {
  const { imageThatGoes } =
    require("../../../infra/engines/fly") as typeof import("../../../infra/engines/fly");
  const image = imageThatGoes(machines) ?? "nothing runs yet; that of the first release";
  return ok(
    "app.image",
    `${image} goes to the database: it needs \`dnd\` as Dockerfile.monitor puts it there`,
  );
}

/** Where the machine comes from that goes, and whether that is let in. */
async function addressFindings(
  api: FlyApi,
  settings: Settings,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { app, region } = flyWay(settings.app);
  if (region === null) return [];
  const all = await api.addresses.list(app, { signal });
  const address = all.find((one) => one.type === "egress_v4" && one.region === region)?.ip;
  if (address !== undefined) return looked(list, async () => [await listFinding(settings, address, env)]);
  return [
    warning(
      "app.addresses.egress",
      `${app} has no fixed address in ${region} yet: nothing can look at the database before that`,
      "`dnd up` gives it one and lets it in.",
    ),
  ];
}

async function listFinding(settings: Settings, address: string, env: NodeJS.ProcessEnv): Promise<Finding> {
  const { atlasApiOf } =
    require("../../../infra/drivers/atlas-api") as typeof import("../../../infra/drivers/atlas-api");
  const api = atlasApiOf(env);
  const options = { signal: AbortSignal.timeout(patienceMs) };
  const project = atlasProject(settings);
  try {
    const entries = await api.access.list((await api.project(project, options)).id, options);
    const networks = entries.flatMap(({ cidrBlock, ipAddress }) => cidrBlock ?? ipAddress ?? []);
    if (isAmong(networks, address))
      return ok(list, `${project} lets ${address} in, where the machine comes from`);
    return missing(
      list,
      `${project} does not let ${address} in, where the machine comes from`,
      "`dnd up` lets it in; where somebody has taken it off, run `dnd refresh` first.",
    );
  } catch (error) {
    if (!(error instanceof AtlasNotFound)) throw error;
    return ok(list, `${project} is not there yet: \`up\` makes it and lets ${address} in`);
  }
}
