import { z } from "zod";
import { invalid, noMachine, refuse } from "../refusal";
import { machineConfig, type MachineConfig } from "../world/config";
import { refuseWrongGuest } from "../world/guest";
import type { Machine } from "../world/machine";
import { listMachines } from "./machine-list";
import { viewOf } from "./machine-view";
import { bodyOf, isTrue, paramOf, type Asked, type Route } from "./route";

const machinesPath = "/v1/apps/{app}/machines";
const machinePath = `${machinesPath}/{id}`;

const creation = z.looseObject({
  name: z.string().optional(),
  region: z.string().optional(),
  config: machineConfig,
  skip_launch: z.boolean().optional(),
  skip_service_registration: z.boolean().optional(),
  skip_secrets: z.boolean().optional(),
  min_secrets_version: z.int().nullish(),
  lease_ttl: z.int().optional(),
});
const change = creation.extend({ current_version: z.string().optional() });

/** The machine that a request is about; the destroyed are not there any more. */
export function machineOf(asked: Asked): Machine {
  const machine = asked.world.machine(paramOf(asked, "app"), paramOf(asked, "id"));
  if (machine.gone) throw noMachine();
  if (machine.hostStatus !== "ok") throw refuse(503, `the host of machine ${machine.id} is unreachable`);
  return machine;
}

export const machineRoutes: Route[] = [
  { method: "GET", path: machinesPath, action: "list", answer: (asked) => listMachines(asked) },
  { method: "POST", path: machinesPath, action: "create", answer: create },
  {
    method: "GET",
    path: machinePath,
    action: "look",
    answer: (asked) => ({ body: viewOf(asked.world.machine(paramOf(asked, "app"), paramOf(asked, "id"))) }),
  },
  { method: "POST", path: machinePath, action: "update", guarded: true, answer: update },
  {
    method: "DELETE",
    path: machinePath,
    action: "destroy",
    guarded: true,
    answer: (asked) => {
      machineOf(asked).destroy(isTrue(asked.query, "force") || isTrue(asked.query, "kill"));
      return {};
    },
  },
  {
    method: "GET",
    path: `${machinePath}/events`,
    action: "look",
    answer: (asked) => {
      const limit = Number(asked.query.get("limit") ?? 20);
      const machine = asked.world.machine(paramOf(asked, "app"), paramOf(asked, "id"));
      return { body: machine.events.list.slice(0, limit) };
    },
  },
  {
    method: "GET",
    path: `${machinePath}/versions`,
    action: "look",
    answer: (asked) => ({
      body: machineOf(asked).versions.map(({ id, config }) => ({ version: id, user_config: config })),
    }),
  },
];

/** What no machine can be: a size that there is not, or an image. */
function refuseImpossible(asked: Asked, config: MachineConfig): void {
  refuseWrongGuest(config);
  if (asked.world.options.runtime.knows(config.image)) return;
  throw invalid(`failed to get manifest of image ${config.image}: MANIFEST_UNKNOWN: manifest unknown`);
}

function create(asked: Asked) {
  const app = asked.world.app(paramOf(asked, "app"));
  const wish = bodyOf(asked, creation);
  refuseImpossible(asked, wish.config);
  if (wish.name !== undefined && app.living.some(({ name }) => name === wish.name)) {
    throw refuse(
      422,
      `already_exists: unique machine name violation, machine named ${wish.name} already exists`,
    );
  }
  const { regions } = asked.world.options;
  const region = wish.region ?? regions[0] ?? "";
  if (!regions.includes(region)) throw invalid(`region ${region} not found`);
  app.secrets.require(wish.min_secrets_version ?? 0, asked.world.options.conditions.secretsLagMs);
  const machine = asked.world.addMachine(app, {
    name: wish.name,
    region,
    config: wish.config,
    skipLaunch: wish.skip_launch ?? false,
    cordoned: wish.skip_service_registration ?? false,
  });
  const lease = wish.lease_ttl
    ? machine.leases.take(asked.world.options.owner, wish.lease_ttl, "", undefined)
    : undefined;
  return { body: { ...viewOf(machine), ...(lease ? { nonce: lease.nonce } : {}) } };
}

function update(asked: Asked) {
  const machine = machineOf(asked);
  const wish = bodyOf(asked, change);
  refuseImpossible(asked, wish.config);
  if (asked.world.options.strictMoves) refuseMove(machine, wish);
  if (wish.current_version !== undefined && wish.current_version !== machine.version) {
    throw refuse(
      409,
      `current_version ${wish.current_version} is stale, the machine has version ${machine.version}`,
    );
  }
  const { secretsLagMs } = asked.world.options.conditions;
  asked.world.app(machine.app).secrets.require(wish.min_secrets_version ?? 0, secretsLagMs);
  asked.world.refuseWhileClosed();
  machine.update(wish.config, wish.skip_launch ?? false, wish.skip_service_registration);
  return { body: viewOf(machine) };
}

/** Refuses what no update may change. */
function refuseMove(
  machine: Machine,
  wish: { name?: string | undefined; region?: string | undefined },
): void {
  if (wish.region !== undefined && wish.region !== machine.region) throw invalid("region cannot be changed");
  if (wish.name !== undefined && wish.name !== machine.name) throw invalid("name cannot be changed");
}
