import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify, type ProcessIdentity } from "../../../../infra/drivers/processes";
import { deploy, observeFleet, type DeployWish } from "../../../../infra/engines/fly";
import { TestFleet, wishOf } from "./open-fleet";

let notes: string;
beforeEach(async () => {
  notes = await mkdtemp(join(tmpdir(), "dnd-notes-"));
});
afterEach(() => rm(notes, { recursive: true, force: true }));

/** A fleet whose lease somebody holds for longer than anybody waits, and who has noted it on this computer. */
async function heldBy(holder: ProcessIdentity): Promise<TestFleet> {
  const fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 2));
  const { api, clock } = fleet;
  const { own } = await observeFleet({ api, clock, app: "web", signal: new AbortController().signal });
  const machine = own[0]?.id ?? "";
  const { nonce } = await api.leases.acquire("web", machine, { ttlSeconds: 600 });
  await writeFile(join(notes, "web.lease.json"), JSON.stringify({ machine, nonce, holder }));
  return fleet;
}

const deployAt = ({ api, clock }: TestFleet, wish: DeployWish) =>
  clock.carry(deploy(wish, { api, clock, notes }), 50);
const itself = identify(process.pid) ?? { pid: 0, started: "" };

test("the lease of a process that was killed on this computer is not waited for", async () => {
  const fleet = await heldBy({ ...itself, started: "before it" });
  const before = fleet.clock.now();
  await deployAt(fleet, wishOf("v2", 2));
  expect(fleet.picture).toEqual(["web-iad-1 v2 started", "web-iad-2 v2 started"]);
  expect(fleet.clock.now() - before).toBeLessThan(30_000);
  expect(fleet.machines.every(({ leases }) => leases.current === undefined)).toBe(true);
  expect(await readdir(notes)).toEqual([]);
});

test("the lease of a process that runs is left to it, and so is its note", async () => {
  const fleet = await heldBy(itself);
  await expect(deployAt(fleet, wishOf("v2", 2))).rejects.toMatchObject({ kind: "locked" });
  expect(fleet.picture).toEqual(["web-iad-1 v1 started", "web-iad-2 v1 started"]);
  expect(await readdir(notes)).toEqual(["web.lease.json"]);
});
