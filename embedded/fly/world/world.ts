import type { Clock } from "../../../infra/support";
import { noMachine, refuse, refusePlainly, type DisputedStatuses } from "../refusal";
import type { Runtime } from "../runtime/contract";
import type { Conditions } from "./conditions";
import { FlyApp, type AppRecord } from "./fly-app";
import { Machine } from "./machine";
import type { Creation } from "./surroundings";

export interface WorldOptions {
  clock: Clock;
  runtime: Runtime;
  statuses: DisputedStatuses;
  /** What an update or a creation takes before anything boots. */
  replaceMs: number;
  /** Who the token belongs to, as leases tell it. */
  owner: string;
  /** Codes of the regions there are; the first is where a machine goes that names none. */
  regions: readonly string[];
  /** The slugs of the organizations there are; undefined lets any be one. */
  organizations: readonly string[] | undefined;
  /** An update that names another region or name is refused, and not merely left without that. */
  strictMoves: boolean;
  /** The nonce of a lease that has ended is refused, and not merely of no use. */
  strictNonces: boolean;
  conditions: Conditions;
}

/** All that is there: the apps of all organizations. */
export class World {
  readonly apps = new Map<string, FlyApp>();
  #number = 0;

  constructor(readonly options: WorldOptions) {}

  get now(): number {
    return this.options.clock.now();
  }

  app(name: string): FlyApp {
    const app = this.apps.get(name);
    if (!app) throw refusePlainly(this.options.statuses.appNotFound, `could not find app "${name}"`);
    return app;
  }

  machine(app: string, id: string): Machine {
    const machine = this.app(app).machines.get(id);
    if (!machine) throw noMachine();
    return machine;
  }

  addApp(record: AppRecord): FlyApp {
    const app = new FlyApp(record, ++this.#number, this.options.clock);
    this.apps.set(app.name, app);
    return app;
  }

  /** A new machine, where its region has room and its volumes are free. */
  addMachine(app: FlyApp, creation: Creation): Machine {
    const { clock, runtime, statuses, replaceMs } = this.options;
    const volumes = app.freeVolumes(creation.config, creation.region);
    this.takeRoom(creation.region);
    const machine = new Machine(app.name, creation, {
      clock,
      runtime,
      statuses,
      replaceMs,
      environment: ({ env }) => ({ ...app.secrets.asEnv(), ...env }),
      destroyed: ({ id }) => this.setFree(app, id),
    });
    for (const volume of volumes) volume.attach(machine.id);
    app.machines.set(machine.id, machine);
    return machine;
  }

  /** All that belongs to it goes as well. */
  removeApp(app: FlyApp): void {
    this.apps.delete(app.name);
    for (const machine of app.living) if (!machine.gone) machine.destroy(true);
  }

  refuseWhileClosed(): void {
    if (this.options.conditions.hostsClosed)
      throw refuse(503, "deploys to this host are temporarily disabled");
  }

  private takeRoom(region: string): void {
    this.refuseWhileClosed();
    const { room } = this.options.conditions;
    const left = room.get(region);
    if (left === undefined) return;
    if (left < 1) {
      throw refuse(
        422,
        "could not reserve resource for machine: insufficient CPUs available to fulfill request",
        {
          status: "insufficient_capacity",
        },
      );
    }
    room.set(region, left - 1);
  }

  private setFree(app: FlyApp, id: string): void {
    for (const volume of app.volumes.values()) if (volume.attachedTo === id) volume.attachedTo = null;
  }
}
