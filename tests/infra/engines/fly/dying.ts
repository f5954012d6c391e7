import type { FlyStandIn } from "../../../../embedded/fly";
import type { DeployWish } from "../../../../infra/engines/fly";
import { TestFleet, wishOf } from "./open-fleet";

/** A client of a process that dies at its n-th call: before that call reaches Fly, or after, without its answer. */
export function dying(fleet: TestFleet, call: number, when: "before" | "after") {
  let calls = 0;
  const fetch: FlyStandIn["fetch"] = async (url, init) => {
    const mine = calls++;
    if (mine === call && when === "after") await fleet.fly.fetch(url, init);
    if (mine >= call) throw new Dead();
    return fleet.fly.fetch(url, init);
  };
  return { api: fleet.client(fetch), calls: () => calls };
}

class Dead extends Error {
  readonly code = "ENOTFOUND";
}

/** Lets a run die at a call, and the next one finish; tells whether there was such a call. */
export async function dieAndGoOn(wish: DeployWish, call: number, when: "before" | "after", count: number) {
  const fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 2));
  const { api, calls } = dying(fleet, call, when);
  const killed = new AbortController();
  const end = setInterval(() => calls() > call && killed.abort(new Error("killed")), 1);
  await fleet.deploy(wish, { api, signal: killed.signal }).catch(() => undefined);
  clearInterval(end);
  const died = calls() > call;
  await fleet.deploy(wish);
  const names = fleet.picture.map((line) => line.replace(/^web-iad-\d\S*/, "web"));
  expect(names).toEqual(Array.from({ length: count }, () => "web v2 started"));
  await fleet.clock.advance(31_000);
  expect(fleet.machines.every(({ leases }) => leases.current === undefined)).toBe(true);
  expect(fleet.machines.every(({ config }) => config.metadata?.dnd_before === undefined)).toBe(true);
  await fleet.fly.close();
  return died;
}
