import {
  AtlasCallerRefused,
  AtlasNotFound,
  AtlasRefused,
  AtlasRightMissing,
  atlasApiOf,
  atlasCredentials,
  AtlasUnavailable,
  openAtlasApi,
  RateLimited,
  startSnapshot,
  TierWithoutSnapshots,
  UnexpectedAnswer,
  UnknownOutcome,
  type AtlasApi,
} from "../../../../infra/drivers/atlas-api";
import { AtlasStandIn, projectId } from "../../../stand-ins/atlas";

const names = { project: "dnd-tracker", cluster: "dnd-tracker" };
const wish = { description: "before release 7", retentionDays: 7 };

let atlas: AtlasStandIn;
let api: AtlasApi;
let slept: number[];

beforeEach(async () => {
  atlas = await AtlasStandIn.open();
  slept = [];
  api = openAtlasApi({
    credentials: atlasCredentials(atlas.environment()),
    baseUrl: atlas.baseUrl,
    clock: { now: () => 0, sleep: (ms) => Promise.resolve(void slept.push(ms)) },
  });
});

afterEach(() => atlas.close());

const requests = (method: string) => atlas.seen.filter((one) => one.method === method).length;

test("each call names the version whose answer it knows", async () => {
  await startSnapshot(api, names, wish);
  expect(atlas.seen.map(({ accept }) => accept)).toEqual([
    "application/vnd.atlas.2023-01-01+json",
    "application/vnd.atlas.2024-08-05+json",
    "application/vnd.atlas.2023-01-01+json",
  ]);
});

test("a snapshot is started, found by its id, and missed by another", async () => {
  const id = await startSnapshot(api, names, wish);
  expect(atlas.snapshots).toMatchObject([{ id, description: "before release 7", retentionInDays: 7 }]);
  await expect(api.snapshots.get(projectId, "dnd-tracker", id)).resolves.toMatchObject({ status: "queued" });
  await expect(api.snapshots.get(projectId, "dnd-tracker", "none")).resolves.toBeUndefined();
});

test.each(["M0", "M2", "M5", "FLEX"])("a cluster of tier %s is asked for no snapshot", async (tier) => {
  const [region] = atlas.cluster.replicationSpecs[0]?.regionConfigs ?? [];
  if (region) region.electableSpecs.instanceSize = tier;
  await expect(startSnapshot(api, names, wish)).rejects.toThrow(TierWithoutSnapshots);
  expect(requests("POST")).toBe(0);
});

test("a flex cluster, which the API of clusters does not show, is told by its tier", async () => {
  atlas.fail({ at: "/clusters/", status: 400, errorCode: "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API" });
  await expect(startSnapshot(api, names, wish)).rejects.toThrow(TierWithoutSnapshots);
});

test("a cluster with its backup turned off is told as such", async () => {
  atlas.cluster.backupEnabled = false;
  await expect(startSnapshot(api, names, wish)).rejects.toThrow(/cloud backup is turned off/);
});

test("an unknown project and an unknown cluster are named", async () => {
  await expect(api.project("tavern")).rejects.toThrow(/find the project tavern/);
  await expect(api.cluster(projectId, "tavern")).rejects.toThrow(AtlasNotFound);
});

test.each([
  [403, "USER_UNAUTHORIZED"],
  [401, "NOT_IN_GROUP"],
])("a right that is missing is named (%i %s)", async (status, errorCode) => {
  atlas.fail({ method: "POST", status, errorCode });
  if (status === 401) atlas.fail({ method: "POST", status, errorCode });
  const failure = api.snapshots.start(projectId, "dnd-tracker", wish);
  await expect(failure).rejects.toThrow(AtlasRightMissing);
  await expect(failure).rejects.toThrow(/role Project Backup Manager/);
});

test("a key that may not be used from here is told apart from a missing right", async () => {
  const detail = "IP address 203.0.113.7 is not allowed to access this resource.";
  atlas.fail({ status: 403, errorCode: "IP_ADDRESS_NOT_ON_ACCESS_LIST", detail });
  const failure = api.project("dnd-tracker");
  await expect(failure).rejects.toThrow(AtlasCallerRefused);
  await expect(failure).rejects.toThrow(/203\.0\.113\.7/);
});

test("a read is repeated after a passing fault, a write never", async () => {
  atlas.fail({ method: "GET", status: 503 });
  atlas.fail({ method: "GET", cut: true });
  await api.project("dnd-tracker");
  expect(requests("GET")).toBe(3);

  atlas.fail({ method: "POST", status: 500, afterwards: true });
  await expect(api.snapshots.start(projectId, "dnd-tracker", wish)).rejects.toThrow(UnknownOutcome);
  expect(requests("POST")).toBe(1);
  expect(atlas.snapshots).toHaveLength(1);
});

test("a read that goes on failing says that Atlas is not well", async () => {
  for (let time = 0; time < 4; time++) atlas.fail({ status: 502 });
  await expect(api.project("dnd-tracker")).rejects.toThrow(AtlasUnavailable);
});

test("a call that is one too many waits as long as Atlas asks, a write too", async () => {
  atlas.fail({ method: "POST", status: 429, headers: { "retry-after": "7" } });
  await api.snapshots.start(projectId, "dnd-tracker", wish);
  expect(slept).toEqual([7000]);
  expect(atlas.snapshots).toHaveLength(1);
});

test("a pause longer than the call's time is not begun", async () => {
  atlas.fail({ status: 429, headers: { "retry-after": "3600" } });
  await expect(api.project("dnd-tracker")).rejects.toThrow(RateLimited);
  expect(slept).toEqual([]);
});

test("anything else that Atlas refuses is told in its own words", async () => {
  atlas.fail({ method: "POST", status: 409, errorCode: "CLUSTER_PAUSED", detail: "The cluster is paused." });
  const failure = api.snapshots.start(projectId, "dnd-tracker", wish);
  await expect(failure).rejects.toThrow(AtlasRefused);
  await expect(failure).rejects.toThrow(/The cluster is paused\. \(409 CLUSTER_PAUSED\)/);
});

test("an answer of an unknown form is refused", async () => {
  atlas.fail({ status: 200 });
  await expect(api.project("dnd-tracker")).rejects.toThrow(UnexpectedAnswer);
});

test("a call ends at its deadline and at the caller's signal", async () => {
  const patient = atlasApiOf(atlas.environment());
  atlas.fail({ method: "POST", hang: true });
  const late = patient.snapshots.start(projectId, "dnd-tracker", wish, { timeoutMs: 300 });
  await expect(late).rejects.toThrow(UnknownOutcome);

  atlas.fail({ method: "GET", hang: true });
  const stop = new AbortController();
  const asked = patient.project("dnd-tracker", { signal: stop.signal });
  stop.abort(new Error("the operator has had enough"));
  await expect(asked).rejects.toThrow("the operator has had enough");
});
