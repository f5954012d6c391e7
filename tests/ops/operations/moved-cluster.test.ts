import type { HeldResource, StackEngine, StackPlace } from "../../../ops/engine";
import { refuseMovedCluster } from "../../../ops/operations/moved-cluster";
import { readSettings } from "../../../stacks/settings";

const place: StackPlace = {
  stack: "staging",
  projectDir: "/nowhere",
  backendUrl: undefined,
  passphraseFile: undefined,
  configFile: undefined,
};

function moving(database: object, outputs: object, confirmed?: string, held: HeldResource[] = []) {
  const engine = { outputs: async () => outputs, resources: async () => held } as unknown as StackEngine;
  const settings = readSettings(
    { "dnd-tracker:environment": "staging", "dnd-tracker:database": JSON.stringify(database) },
    {},
  );
  return refuseMovedCluster({ engine, place, settings, confirmed });
}

const moveTo = (project: string, present: string | undefined, confirmed?: string) =>
  moving({ kind: "atlas", name: "tales", project }, { databaseProject: present }, confirmed);

test("another project is refused while the stack's data is in one, unless that one is given up by its name", async () => {
  await expect(moveTo("other-tales", "old-tales")).rejects.toMatchObject({ code: "cluster-moved" });
  await expect(moveTo("other-tales", "old-tales", "other-tales")).rejects.toThrow("old-tales");
  await expect(moveTo("other-tales", "old-tales", "old-tales")).resolves.toBeUndefined();
});

test("a stack that has no cluster yet, or keeps its own, goes on", async () => {
  await expect(moveTo("tales", undefined)).resolves.toBeUndefined();
  await expect(moveTo("tales", "tales")).resolves.toBeUndefined();
});

test("another organization, a project that was given, and a database that is somebody else's are moves too", async () => {
  const outputs = { databaseProject: "tales", databaseOwner: "org-1" };
  const atlas = { kind: "atlas", name: "tales", project: "tales", orgId: "org-1" };
  await expect(moving(atlas, outputs)).resolves.toBeUndefined();
  await expect(moving({ ...atlas, orgId: "org-2" }, outputs)).rejects.toThrow("is org-2, and");
  await expect(moving({ ...atlas, projectId: "0".repeat(24) }, outputs)).rejects.toThrow("destroyed");
  await expect(moving({ kind: "uri", name: "tales" }, outputs)).rejects.toThrow("database.kind is uri");
  await expect(moving({ kind: "uri", name: "tales" }, outputs, "tales")).resolves.toBeUndefined();
  await expect(moving({ kind: "uri", name: "tales" }, {})).resolves.toBeUndefined();
});

test("a protected cluster is not given up half: whoever names it is told what holds it before anything is touched", async () => {
  const urnOf = (type: string, name: string) => `urn:pulumi:p::t::dnd:index:Database$${type}::${name}`;
  const cluster = urnOf("mongodbatlas:index/advancedCluster:AdvancedCluster", "database-cluster");
  const app = urnOf("pulumi-nodejs:dynamic/dnd:FlyApp", "app-fly");
  const give = (held: HeldResource[]) =>
    moving({ kind: "atlas", name: "tales", project: "new" }, { databaseProject: "old" }, "old", held);
  const protectedOne = { urn: cluster, protect: true } as HeldResource;
  await expect(give([protectedOne])).rejects.toMatchObject({ code: "cluster-protected" });
  await expect(give([{ ...protectedOne, protect: false }])).resolves.toBeUndefined();
  await expect(give([{ urn: app, protect: true } as HeldResource])).resolves.toBeUndefined();
});
