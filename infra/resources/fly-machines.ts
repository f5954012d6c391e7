import type * as pulumi from "@pulumi/pulumi";
import type { DeployWish, FlyToml, GateWish, GroupWish, SecretsState, StrategyWish } from "../engines/fly";
import type { FlyMachine } from "../drivers/fly-api";
import type { DatabaseAddress } from "../drivers/mongo";
import type { Image } from "../engines/release";
import { DndResource, type Wrapped } from "./dnd-resource";
import { flyClient } from "./fly-client";
import { toldFailures } from "./told-failures";
import { isUnknown, type Lifecycle, type LifecycleContext } from "./lifecycle";

/** The machines of an app at Fly, in groups of machines that are alike. */
export interface FlyMachinesInputs {
  /** Changing it makes machines in another app. */
  app: string;
  /** With its digest; every group runs it. */
  image: string;
  groups: GroupWish[];
  strategy: StrategyWish;
  /** The app in the words of a fly.toml: Fly's own tool goes by it when it scales or redeploys. */
  definition?: FlyToml;
  /** Where machines without a volume go when their own region has no room. */
  fallbackRegions?: string[];
  /** Whose app it is: room for the first machines is looked for before there is an app. */
  organization?: string;
  /** When a machine is good; 5 minutes, 2 s of health and no exit unless told otherwise. */
  gate?: GateWish;
  /** Of the FlyApp: another digest updates the machines. */
  secrets?: SecretsState;
  /** Runs once, on a machine of its own, before any other is touched. */
  releaseCommand?: { command: string[]; timeoutMs: number };
  /** Where the app is reached: it has the last word on a deployment, and each canary is asked there by itself. */
  url?: string;
  /** What the app must say it is at that address. */
  expected?: Image;
  /** Health for a probe of one machine; "/api/health" unless told otherwise. */
  probePath?: string;
  /** The release whose step this is. */
  release?: number | null;
  /** Where that release is recorded. */
  address?: DatabaseAddress;
  /** A failed release is taken back: machines of the image that are well stay, whatever else is wanted of them now. */
  returning?: boolean;
  /** 95 of 100 answers of a release must be faster; as the guides have it unless given. */
  p95Ms?: number;
  /** The number of machines that somebody has asked for by hand, for a while; left out where the settings say it. Policies read it. */
  asked?: number | undefined;
}

export interface SeenFlyMachine {
  id: string;
  name: string;
  region: string;
  group: string;
  image: string;
}

export interface FlyMachinesOutputs extends FlyMachinesInputs {
  /** Of the image that they run. */
  digest: string;
  machines: SeenFlyMachine[];
}

const digestOf = (image: string) => image.split("@")[1] ?? "";
const engine = () => require("../engines/fly") as typeof import("../engines/fly");
const support = () => require("../support") as typeof import("../support");

const deploying = () => ({ api: flyClient(), notes: support().localFolder("fly") });

function wishOf(inputs: FlyMachinesInputs): DeployWish {
  const { app, image, groups, gate, secrets, releaseCommand } = inputs;
  const { organization, strategy, fallbackRegions, definition } = inputs;
  return {
    ...{ app, organization, strategy, fallbackRegions, definition },
    ...(releaseCommand ? { releaseCommand } : {}),
    groups: groups.map((group) => ({ ...group, config: { ...group.config, image } })),
    gate: gate ?? engine().usualGate,
    ...(secrets ? { secrets: { digest: secrets.digest, version: secrets.version ?? undefined } } : {}),
  };
}

/** What looks from outside: at one machine by itself, and at the whole app as the last word. */
function outsideOf(
  { url, expected, probePath, groups, release, p95Ms }: FlyMachinesInputs,
  context: LifecycleContext,
) {
  if (url === undefined) return {};
  const probe = engine().probeThrough(url, probePath ?? "/api/health");
  // Where no machine is wanted, nobody could answer.
  if (!expected || wantsNone(groups)) return { probe };
  const verify = async (signal: AbortSignal) => {
    const { verifyDeployment, VerificationError } =
      require("../engines/health") as typeof import("../engines/health");
    // Without a release only the number changes: whoever scales up because the app is slow must not fail for that.
    const allowed = release === null ? Infinity : p95Ms;
    const speed = allowed === undefined ? {} : { p95Ms: allowed };
    const { ok, checks } = await verifyDeployment({ url, expected, ...speed, ...context, signal });
    if (!ok) throw new VerificationError(url, checks);
  };
  return { probe, verify };
}

/** Whether nobody is to answer players; beside a group with a service one without never does. */
function wantsNone(groups: readonly GroupWish[]): boolean {
  const serving = groups.filter(({ config }) => (config.services?.length ?? 0) > 0);
  const asked = serving.length > 0 ? serving : groups;
  if (asked.length === 0) return false;
  return asked.every(({ counts }) => Object.values(counts).every((count) => count === 0));
}

async function see(app: string, signal: AbortSignal, volumes = false) {
  return engine().observeFleet({ api: flyClient(), app, clock: support().systemClock, signal, volumes });
}

/** Nothing, where there is no such app. */
async function seeWhereThere(app: string, signal: AbortSignal): Promise<{ own: FlyMachine[] }> {
  const { FlyNotFound } = require("../drivers/fly-api") as typeof import("../drivers/fly-api");
  return see(app, signal).catch((error: unknown) => {
    if (error instanceof FlyNotFound) return { own: [] };
    throw error;
  });
}

/** Room for the first machines of an app; later a plan tells which are to be made. */
async function whyNoRoom(
  { groups, organization, fallbackRegions: fallback }: FlyMachinesInputs,
  signal: AbortSignal,
): Promise<string[]> {
  if (organization === undefined || isUnknown(organization)) return [];
  const wishes = groups.flatMap(({ name, config, counts }) =>
    Object.entries(counts).map(([region, count]) => ({ group: name, region, count, config })),
  );
  const { lacking } = await engine().seeRoom(
    wishes.filter(({ count }) => count > 0),
    { organization, fallback },
    { api: flyClient(), signal },
  );
  return lacking;
}

/** Two environments that share an app by mistake would take turns in replacing each other. */
async function whyAnothers({ app, groups }: FlyMachinesInputs, signal: AbortSignal): Promise<string[]> {
  if (isUnknown(app)) return [];
  const environmentOf = ({ config }: Pick<FlyMachine, "config">) => config?.env?.DEPLOY_ENV;
  const wanted = groups.map(environmentOf).find(Boolean);
  const { own } = await seeWhereThere(app, signal);
  const other = own.map(environmentOf).find((one) => one !== undefined && one !== wanted);
  if (wanted === undefined || other === undefined) return [];
  return [
    `the app ${app} runs ${other}, and this stack is ${wanted}: give each of them an app.name of its own`,
  ];
}

async function seenMachines(app: string, signal: AbortSignal): Promise<SeenFlyMachine[]> {
  const { own } = await see(app, signal);
  const { imageOf, groupNameOf } = engine();
  return own.map((one) => ({
    ...{ id: one.id, name: one.name, region: one.region },
    ...{ group: groupNameOf(one), image: imageOf(one) },
  }));
}

async function ensure(inputs: FlyMachinesInputs, context: LifecycleContext): Promise<FlyMachinesOutputs> {
  const { signal, progress } = context;
  const wish = { ...wishOf(inputs), ...outsideOf(inputs, context) };
  const { leftovers, plan } = await engine().deploy(wish, { ...deploying(), signal, progress });
  for (const volume of plan.kept) progress(`${volume} stays`);
  for (const { machine, reason } of leftovers) progress(`${machine} is left for the next run: ${reason}`);
  return { ...inputs, digest: digestOf(inputs.image), machines: await seenMachines(inputs.app, signal) };
}

/** Settings that made a release fail would make its way back fail as well: what serves as before is left alone. */
async function hasReturned(
  olds: FlyMachinesOutputs,
  { app, image }: FlyMachinesInputs,
  signal: AbortSignal,
): Promise<boolean> {
  return olds.image === image && engine().runsAlready(await see(app, signal), image);
}

export const lifecycle: Lifecycle<FlyMachinesInputs, FlyMachinesOutputs> = {
  async check(olds, news, { signal }) {
    const { groups, fallbackRegions = [] } = news;
    if (isUnknown(groups)) return { inputs: news };
    const failures = await toldFailures("groups", async () => {
      const wrong = [
        ...engine().whyNotGroups(groups),
        ...(await engine().whyNotRegions(groups, fallbackRegions, { api: flyClient(), signal })),
      ];
      const isFirst = olds.app === undefined && wrong.length === 0;
      if (!isFirst) return wrong;
      return [...(await whyAnothers(news, signal)), ...(await whyNoRoom(news, signal))];
    });
    return { inputs: news, failures };
  },
  async diff(_id, olds, news, { signal, report }) {
    if (olds.app !== news.app) return { changes: true, replaces: ["app"], deleteBeforeReplace: false };
    if ([news.image, news.secrets, news.groups].some(isUnknown)) return { changes: true };
    const { wantsVolumes, planDeployment, roomFor, DeploymentImpossible } = engine();
    const fleet = await see(news.app, signal, wantsVolumes(news));
    const plan = planDeployment(wishOf(news), fleet);
    const { moving, lacking } = await roomFor(plan, wishOf(news), { api: flyClient(), signal });
    const obstacles = [...plan.obstacles, ...lacking];
    if (obstacles.length > 0) throw new DeploymentImpossible(news.app, obstacles);
    if (plan.operations.length > 0 || plan.warnings.length > 0)
      await report?.([...engine().describePlan(plan), ...moving].join("\n"));
    const outdated = fleet.own.some(({ id }) => !olds.machines.some((one) => one.id === id));
    return { changes: plan.operations.length > 0 || fleet.passing.length > 0 || outdated };
  },
  async create(inputs, context) {
    return { id: inputs.app, outs: await ensure(inputs, context) };
  },
  async update(_id, olds, news, context) {
    if (news.returning && (await hasReturned(olds, news, context.signal)))
      return { outs: { ...olds, ...(news.release !== undefined && { release: news.release }) } };
    return { outs: await ensure(news, context) };
  },
  async read(id, olds, { signal }) {
    if (!(await flyClient().apps.get(id, { signal }))) return { id: "" };
    const machines = await seenMachines(id, signal);
    const gone = machines.length === 0 && !wantsNone(olds.groups ?? []);
    return gone ? { id: "" } : { id, props: { ...olds, app: id, machines } };
  },
  async delete(id, _olds, { signal, progress }) {
    const kept = await engine().removeOwnMachines(id, { ...deploying(), signal, progress });
    for (const volume of kept) progress(`${volume} stays`);
  },
};

export class FlyMachines extends DndResource {
  declare readonly machines: pulumi.Output<SeenFlyMachine[]>;
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, inputs: Wrapped<FlyMachinesInputs>, options?: pulumi.CustomResourceOptions) {
    super("FlyMachines", name, inputs, ["machines", "digest"], options);
  }
}
