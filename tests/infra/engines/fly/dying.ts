import type { FlyStandIn } from "../../../../embedded/fly";
import type { DeployWish } from "../../../../infra/engines/fly";
import { TestFleet, wishOf } from "./open-fleet";

/** A look that follows another one finds the world as that one did: to die there is to die at the first. */
export type Counted = "every call" | "writes and first looks";

/** A client of a process that dies at its n-th call: before that call reaches Fly, or after, without its answer. */
export function dying(
  fleet: TestFleet,
  call: number,
  when: "before" | "after",
  counted: Counted = "every call",
) {
  let calls = 0;
  let lastWasLook = false;
  const fetch: FlyStandIn["fetch"] = async (url, init) => {
    const isLook = (init?.method ?? "GET") === "GET";
    const again = counted !== "every call" && isLook && lastWasLook && calls <= call;
    lastWasLook = isLook;
    if (again) return fleet.fly.fetch(url, init);
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
export async function dieAndGoOn(
  wish: DeployWish,
  {
    call,
    when,
    count,
    counted,
  }: { call: number; when: "before" | "after"; count: number; counted?: Counted },
) {
  const fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 2));
  const { api, calls } = dying(fleet, call, when, counted);
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
