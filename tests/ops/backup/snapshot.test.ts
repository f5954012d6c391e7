import type { BackupPlace } from "../../../ops/backup/place";
import { snapshotBeside } from "../../../ops/backup/snapshot";
import { settingsSchema } from "../../../stacks/settings";
import { AtlasStandIn } from "../../stand-ins/atlas";

let atlas: AtlasStandIn;
let environment: jest.ReplaceProperty<NodeJS.ProcessEnv>;

beforeEach(async () => {
  atlas = await AtlasStandIn.open();
  environment = jest.replaceProperty(process, "env", { ...process.env, ...atlas.environment() });
});
afterEach(async () => {
  environment.restore();
  await atlas.close();
});

const snapshot = { project: "dnd-tracker", cluster: "dnd-tracker" };

function placeWith(backup: object, environment = "staging"): BackupPlace {
  const settings = settingsSchema.parse({ environment, backup });
  return { store: "archives", copies: [], environment: undefined, database: "dnd", settings };
}

test("an archive by hand begins the snapshot of the cluster that the stack's settings name", async () => {
  const begin = snapshotBeside(placeWith({ snapshot }));
  const id = await begin?.(new AbortController().signal);
  expect(atlas.snapshots).toMatchObject([{ id, description: "dnd-tracker staging, by hand" }]);
});

test.each([
  ["a stack that names no cluster", placeWith({})],
  ["a stack that wants none", placeWith({ snapshot: false }, "production")],
  ["a database that was named instead of a stack", { ...placeWith({ snapshot }), settings: undefined }],
])("%s has no snapshot", (_what, place) => {
  expect(snapshotBeside(place)).toBeUndefined();
  expect(atlas.seen).toEqual([]);
});
