import { gatesWanted } from "../../stacks/gates-wanted";
import { readSettings } from "../../stacks/settings";

const settingsOf = (database: object, environment: NodeJS.ProcessEnv = {}) =>
  readSettings(
    { "dnd-tracker:environment": "staging", "dnd-tracker:database": JSON.stringify(database) },
    environment,
  );
const neededBy = (settings: ReturnType<typeof settingsOf>, environment: NodeJS.ProcessEnv = {}) =>
  Object.fromEntries(gatesWanted(settings, environment).needed.map(({ name, problem }) => [name, problem]));

test("a stack whose database is given needs its address, and one with its own cluster the key of its users", () => {
  const given = neededBy(settingsOf({ kind: "uri", name: "tales" }));
  expect(given).toMatchObject({ MONGODB_URI: "is not in the environment" });
  expect(given).not.toHaveProperty(["database.key"]);
  const own = neededBy(settingsOf({ kind: "atlas", name: "tales" }));
  expect(own).toMatchObject({ "database.key": "is not set" });
  expect(own).not.toHaveProperty("MONGODB_URI");
});

test("the key counts wherever it is kept: in the environment, or encrypted in the stack's file", () => {
  const fromOutside = settingsOf({ kind: "atlas", name: "tales" }, { DND_DATABASE_KEY: "k".repeat(32) });
  expect(neededBy(fromOutside)["database.key"]).toBeNull();
  expect(neededBy(settingsOf({ kind: "atlas", name: "tales", key: "[secret]" }))["database.key"]).toBeNull();
});
