import { settingTraps } from "../../../ops/doctor/setting-traps";

function about(settings: Record<string, unknown>): string[] {
  return settingTraps(settings).map(({ what }) => what);
}

test("the settings of the local stack give no warning", () => {
  expect(about({ app: { version: "1.0.0", machines: 2 }, database: { kind: "embedded" } })).toEqual([]);
});

test("an M10 of the provider TENANT is found, and an M0 is not", () => {
  expect(about({ database: { kind: "atlas", tier: "M10", providerName: "TENANT" } })).toEqual([
    "database.tier",
  ]);
  expect(about({ database: { kind: "atlas", tier: "M0", providerName: "TENANT" } })).toEqual([]);
});

test("an access list that lets everyone in is found, for both kinds of address", () => {
  expect(about({ database: { accessList: ["10.0.0.0/8", "0.0.0.0/0"] } })).toEqual(["database.accessList"]);
  expect(about({ database: { accessList: ["::/0"] } })).toEqual(["database.accessList"]);
  expect(about({ database: { accessList: ["10.0.0.0/8"] } })).toEqual([]);
});

test("an image that can move is found; a digest and `commit` are fine", () => {
  expect(about({ app: { image: "dnd:latest" } })).toEqual(["app.image"]);
  expect(about({ app: { image: `dnd@sha256:${"0".repeat(64)}` } })).toEqual([]);
  expect(about({ app: { image: "commit" } })).toEqual([]);
});

test("one machine that is replaced in place is found, and bluegreen is not", () => {
  expect(about({ app: { machines: 1 } })).toEqual(["app.machines"]);
  expect(about({ app: { machines: 1, strategy: "bluegreen" } })).toEqual([]);
});

test("a health check that cannot see the database is found", () => {
  expect(about({ app: { checks: { path: "/" } } })).toEqual(["app.checks.path"]);
  expect(about({ app: { checks: { path: "/api/health" } } })).toEqual([]);
});

test("a stack for others that nobody watches is found; the own machine needs no monitor", () => {
  expect(about({ environment: "staging" })).toEqual(["monitoring.enabled"]);
  expect(about({ environment: "staging", monitoring: { enabled: true } })).toEqual([]);
  expect(about({ environment: "development", monitoring: { enabled: false } })).toEqual([]);
});
