import { FakeClock, FlyStandIn, type StandInOptions } from "../../../embedded/fly";
import { openFlyApi, type FlyApi, type MachineConfig } from "../../../infra/drivers/fly-api";
import { judge } from "./description/collect";
import { Secret } from "../../../infra/support";

/** Each with how many of its requests have been judged. */
const open = new Map<FlyStandIn, number>();

afterEach(() => {
  const requests = [...open].flatMap(([fly, judged]) => fly.requests.slice(judged));
  for (const fly of open.keys()) open.set(fly, fly.requests.length);
  expect(judge(requests).unknown).toEqual([]);
});

/** What is asked of it, and what it answers, is held against the descriptions when a test is over. */
export function judged(fly: FlyStandIn): FlyStandIn {
  open.set(fly, 0);
  return fly;
}

export interface Opened {
  clock: FakeClock;
  fly: FlyStandIn;
  api: FlyApi;
}

/** A stand-in on paper with an app "web", its client, and the one clock of both. */
export async function openStandIn(options: StandInOptions = {}, attempts = 1): Promise<Opened> {
  const clock = new FakeClock();
  const fly = judged(new FlyStandIn({ clock, ...options }));
  const token = new Secret(options.token ?? "test-token");
  // Without limits at the server the client need not hold itself back either.
  const hurried = { now: () => clock.now(), sleep: () => Promise.resolve() };
  const pace = options.rateLimits === false ? hurried : clock;
  const api = openFlyApi({ token, clock: pace, fetch: fly.fetch, attempts, baseUrl: "http://fly.test" });
  await api.apps.create({ name: "web", org_slug: "guild" });
  return { clock, fly, api };
}

export const plainConfig: MachineConfig = { image: "registry.fly.io/web:v1" };
