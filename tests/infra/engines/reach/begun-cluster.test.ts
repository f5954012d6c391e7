import { atlasApiOf, type AtlasApi } from "../../../../infra/drivers/atlas-api";
import { begunCluster } from "../../../../infra/engines/reach";
import { AtlasStandIn, projectId } from "../../../stand-ins/atlas";

const tags = { app: "dnd-tracker", environment: "staging" };
const wish = { project: "guild", cluster: "guild", tags };
const uri = "mongodb://127.0.0.1:27017";

let atlas: AtlasStandIn;
let api: AtlasApi;

beforeEach(async () => {
  atlas = await AtlasStandIn.open();
  atlas.bring({ project: "guild" });
  api = atlasApiOf(atlas.environment());
});
afterEach(() => atlas.close());

test("a cluster that Atlas still makes is waited for, with a word, and known by what an import takes", async () => {
  atlas.bring({ cluster: { name: "guild", tags } });
  const said: string[] = [];
  const progress = (line: string) => {
    said.push(line);
    atlas.bring({ cluster: { name: "guild", tags, uri } });
  };
  expect(await begunCluster(api, wish, { progress, intervalMs: 1 })).toBe(`${projectId}-guild`);
  expect(said).toEqual([expect.stringContaining("still making the cluster guild")]);
});

test("where none was begun nothing is said, whether the project is there or not", async () => {
  atlas.bring({ cluster: null });
  expect(await begunCluster(api, wish)).toBeUndefined();
  atlas.bring({ project: null });
  expect(await begunCluster(api, wish)).toBeUndefined();
});

test("a cluster of that name that is another's is no stack's to go on with", async () => {
  atlas.bring({ cluster: { name: "guild", uri, tags: { ...tags, environment: "production" } } });
  await expect(begunCluster(api, wish)).rejects.toMatchObject({
    code: "cluster-name-taken",
    remedy: expect.stringContaining("database.project"),
  });
});

test("waiting for it ends when it is interrupted", async () => {
  atlas.bring({ cluster: { name: "guild", tags } });
  const asked = new AbortController();
  const progress = () => asked.abort(new Error("enough"));
  await expect(begunCluster(api, wish, { progress, signal: asked.signal, intervalMs: 1 })).rejects.toThrow(
    "enough",
  );
});
