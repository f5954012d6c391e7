import { FlyStandIn } from "../../../embedded/fly";
import type { FlyAppInputs } from "../../../infra/resources/fly-app";
import type { FlyMachinesInputs } from "../../../infra/resources/fly-machines";

export const digest = (letter: string) => `registry.fly.io/web@sha256:${letter.repeat(64)}`;
const gate = { timeoutMs: 20_000, bakeMs: 0, toleratedRestarts: 0 };
export const context = { signal: new AbortController().signal, progress: () => undefined };
export const appInputs: FlyAppInputs = {
  app: "web",
  organization: "guild",
  addresses: { sharedV4: true, v4: 0, v6: 1, privateV6: 0, egressRegions: [] },
  hostnames: [],
  secrets: { KEY: "canary-value" },
};
export const machinesInputs: FlyMachinesInputs = {
  app: "web",
  image: digest("a"),
  groups: [
    { name: "web", config: { guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 } }, counts: { iad: 1 } },
  ],
  strategy: { kind: "immediate" },
  gate,
};

/** Fly, as the tests of a file find it: its stand-in, and the environment that names it. */
export function playedFly(): () => FlyStandIn {
  let fly: FlyStandIn;
  const before = { ...process.env };
  beforeAll(async () => {
    fly = new FlyStandIn({ rateLimits: false, replaceMs: 5 });
    process.env.FLY_FLAPS_BASE_URL = await fly.listen();
    process.env.FLY_API_TOKEN = "test-token";
  });
  afterAll(async () => {
    process.env = before;
    await fly.close();
  });
  return () => fly;
}
