import {
  atlasApiOf,
  endAccess,
  ensureAccess,
  ownAddress,
  type AtlasApi,
} from "../../../../infra/drivers/atlas-api";
import { AtlasStandIn } from "../../../stand-ins/atlas";

const hour = 3_600_000;
const address = "203.0.113.7";
const inTwoHours = () => new Date(Date.now() + 2 * hour);

let atlas: AtlasStandIn;
let api: AtlasApi;

beforeEach(async () => {
  atlas = await AtlasStandIn.open();
  api = atlasApiOf(atlas.environment());
});

afterEach(() => atlas.close());

const enter = (holder?: string, expiresAt = inTwoHours()) =>
  ensureAccess(
    api,
    { project: "dnd-tracker", address, expiresAt, ...(holder && { holder }) },
    { intervalMs: 5 },
  );
const additions = () => atlas.seen.filter(({ method }) => method === "POST").length;

test("a machine lets itself in with an end, waits until that holds, and leaves nothing behind", async () => {
  atlas.pendingLooks = 2;
  const expiresAt = inTwoHours();
  const held = await enter(undefined, expiresAt);
  expect(atlas.entries).toMatchObject([{ ipAddress: address, deleteAfterDate: expiresAt.toISOString() }]);
  expect(atlas.pendingLooks).toBe(-1);
  await endAccess(api, held);
  expect(atlas.entries).toEqual([]);
  await endAccess(api, held);
});

test("letting in twice for the same run and time adds once", async () => {
  const expiresAt = inTwoHours();
  await enter("run-one", expiresAt);
  await enter("run-one", expiresAt);
  expect(additions()).toBe(1);
});

test("two runs on one machine: the first to end leaves the way open, the last closes it", async () => {
  const one = await enter("one");
  const later = new Date(Date.now() + 3 * hour);
  const other = await enter("other", later);
  await endAccess(api, one);
  expect(atlas.entries).toMatchObject([{ deleteAfterDate: later.toISOString() }]);
  await endAccess(api, other);
  expect(atlas.entries).toEqual([]);
});

test("a shorter stay does not shorten another's", async () => {
  const later = new Date(Date.now() + 3 * hour);
  await enter("long", later);
  await enter("short");
  expect(atlas.entries).toMatchObject([{ deleteAfterDate: later.toISOString() }]);
});

test("an entry that somebody made to last is neither given an end nor taken away", async () => {
  const office = { ipAddress: address, comment: "the office" };
  atlas.entries.push(office);
  await endAccess(api, await enter());
  expect(atlas.entries).toEqual([office]);
  expect(additions()).toBe(0);
});

test("somebody else's entry that ends too soon is made longer and stays theirs", async () => {
  const soon = new Date(Date.now() + 60_000).toISOString();
  atlas.entries.push({ ipAddress: address, comment: "a visitor", deleteAfterDate: soon });
  const expiresAt = inTwoHours();
  await endAccess(api, await enter(undefined, expiresAt));
  expect(atlas.entries).toMatchObject([{ comment: "a visitor", deleteAfterDate: expiresAt.toISOString() }]);
});

test("where Atlas leaves a present entry as it was, ours is replaced and somebody else's is not touched", async () => {
  atlas.keepsPresent = true;
  await enter("one");
  const later = new Date(Date.now() + 3 * hour);
  await enter("other", later);
  expect(atlas.entries).toMatchObject([
    { deleteAfterDate: later.toISOString(), comment: "dnd-tracker up: one other" },
  ]);

  const soon = { ipAddress: address, comment: "a visitor", deleteAfterDate: new Date().toISOString() };
  atlas.entries.splice(0, 1, soon);
  await expect(enter()).rejects.toThrow(/somebody's entry/);
  expect(atlas.entries).toEqual([soon]);
});

test("an entry is found on a list of many pages", async () => {
  for (let one = 0; one < 1000; one++)
    atlas.entries.push({ ipAddress: `198.18.${one >> 8}.${one & 255}`, comment: "somebody" });
  atlas.entries.push({ ipAddress: address, comment: "the office" });
  await expect(enter()).resolves.toMatchObject({ holder: null });
});

test("comments stay within what Atlas takes, however many runs there were", async () => {
  for (let run = 0; run < 12; run++) await enter(`run${run}abcd`);
  expect(atlas.entries[0]?.comment.length).toBeLessThanOrEqual(80);
  expect(atlas.entries[0]?.comment).toContain("run11abcd");
});

test("an addition of which nobody knows what became is settled by looking", async () => {
  atlas.fail({ method: "POST", status: 500, afterwards: true });
  await endAccess(api, await enter());
  expect(atlas.entries).toEqual([]);

  atlas.fail({ method: "POST", status: 500 });
  await expect(enter()).rejects.toMatchObject({ code: "atlas-unknown-outcome" });
});

test("the machine's address is the one that is set, else the one that Atlas sees", async () => {
  await expect(ownAddress(api, { DND_OWN_ADDRESS: "198.51.100.4" })).resolves.toBe("198.51.100.4");
  await expect(ownAddress(api, {})).resolves.toBe("203.0.113.7");
  await expect(ownAddress(api, { DND_OWN_ADDRESS: "my-house" })).rejects.toThrow(/no IPv4 address/);
  atlas.fail({ at: "ipinfo", status: 404 });
  await expect(ownAddress(api, {})).rejects.toThrow(/Set DND_OWN_ADDRESS/);
});
