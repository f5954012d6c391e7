import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof } from "../../../infra/engines/preflight";
import { keepReachably } from "../../../ops/check/keep";

let folder: string;
const outside = process.env.DND_DIR;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-proof-"));
  process.env.DND_DIR = folder;
});
afterAll(async () => {
  if (outside === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = outside;
  await rm(folder, { recursive: true });
});

test("a proof outlives a database that was named and does not answer", async () => {
  const proof = { commit: "c0ffee", kind: "proof", by: "somebody" } as unknown as Proof;
  const uri = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200";
  const said: string[] = [];
  const options = { stack: "local", uri, db: "away", json: true, yes: true };
  const place = await keepReachably(proof, options, (line) => said.push(line));
  expect(JSON.parse(await readFile(place, "utf8"))).toMatchObject({ commit: "c0ffee" });
  expect(said).toHaveLength(1);
});
