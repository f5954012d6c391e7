import type { StackEngine, StackPlace } from "../../../ops/engine";
import { refuseMovedCluster } from "../../../ops/operations/moved-cluster";
import { readSettings } from "../../../stacks/settings";

const place: StackPlace = {
  stack: "staging",
  projectDir: "/nowhere",
  backendUrl: undefined,
  passphraseFile: undefined,
  configFile: undefined,
};

function moveTo(project: string, present: string | undefined, confirmed?: string) {
  const engine = { outputs: async () => ({ databaseProject: present }) } as unknown as StackEngine;
  const database = JSON.stringify({ kind: "atlas", name: "tales", project });
  const settings = readSettings(
    { "dnd-tracker:environment": "staging", "dnd-tracker:database": database },
    {},
  );
  return refuseMovedCluster({ engine, place, settings, confirmed });
}

test("another project is refused while the stack's data is in one, unless that one is given up by its name", async () => {
  await expect(moveTo("other-tales", "old-tales")).rejects.toMatchObject({ code: "cluster-moved" });
  await expect(moveTo("other-tales", "old-tales", "other-tales")).rejects.toThrow("old-tales");
  await expect(moveTo("other-tales", "old-tales", "old-tales")).resolves.toBeUndefined();
});

test("a stack that has no cluster yet, or keeps its own, goes on", async () => {
  await expect(moveTo("tales", undefined)).resolves.toBeUndefined();
  await expect(moveTo("tales", "tales")).resolves.toBeUndefined();
});
