import { FakeClock, FlyStandIn, type StandInOptions } from "../../../../embedded/fly";
import { openFlyApi, type FlyApi, type MachineConfig } from "../../../../infra/drivers/fly-api";
import { deploy, usualGate, type Deployed, type DeployWish } from "../../../../infra/engines/fly";
import { Secret } from "../../../../infra/support";

export const imageOf = (version: string) => `registry.fly.io/web:${version}`;

/** A small web app with one check. */
export function webConfig(version: string, more: MachineConfig = {}): MachineConfig {
  return {
    image: imageOf(version),
    env: { PORT: "8080" },
    services: [
      {
        protocol: "tcp",
        internal_port: 8080,
        ports: [{ port: 443, handlers: ["tls", "http"] }],
        checks: [{ type: "http", port: 8080, path: "/ready", interval: "2s", timeout: "1s" }],
      },
    ],
    ...more,
  };
}

export function wishOf(version: string, count: number, more: Partial<DeployWish> = {}): DeployWish {
  return {
    app: "web",
    groups: [{ name: "web", config: webConfig(version), counts: { iad: count } }],
    strategy: { kind: "rolling", maxUnavailable: 0.33 },
    gate: usualGate,
    ...more,
  };
}

/** An app "web" of the stand-in under one clock, and deployments of it. */
export class TestFleet {
  readonly clock = new FakeClock();
  readonly fly: FlyStandIn;
  readonly api: FlyApi;

  constructor(options: StandInOptions = {}) {
    this.fly = new FlyStandIn({ clock: this.clock, ...options });
    this.api = this.client(this.fly.fetch);
  }

  static async open(options: StandInOptions = {}): Promise<TestFleet> {
    const fleet = new TestFleet(options);
    await fleet.api.apps.create({ name: "web", org_slug: "guild" });
    return fleet;
  }

  client(fetch: FlyStandIn["fetch"]): FlyApi {
    const { clock } = this;
    return openFlyApi({ token: new Secret("test-token"), clock, fetch, baseUrl: "http://fly.test" });
  }

  deploy(wish: DeployWish, more: { api?: FlyApi; signal?: AbortSignal } = {}): Promise<Deployed> {
    return this.clock.carry(deploy(wish, { api: this.api, clock: this.clock, ...more }), 50);
  }

  get machines() {
    return this.fly.world.app("web").living;
  }

  /** Each machine's image tag and state, in the order of their names. */
  get picture(): string[] {
    return this.machines
      .map(({ name, config, state }) => `${name} ${config.image.split(":")[1]} ${state}`)
      .sort();
  }

  /** The changes that were asked for since a moment in the list of requests. */
  writesSince(index: number): string[] {
    return this.fly.requests
      .slice(index)
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`);
  }
}
