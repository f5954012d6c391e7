import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackEngine } from "../../../ops/engine";
import { resolvePlace } from "../../../ops/stack-place";
import { undoFailed } from "../../../ops/rollback/undo-failed";

let folder: string;
const before = process.env.DND_DIR;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-undo-"));
  process.env.DND_DIR = folder;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = before;
  await rm(folder, { recursive: true, force: true });
});

test("an up whose database could not be made has left nothing to take back", async () => {
  const said: string[] = [];
  const never = () => Promise.reject(new Error("an engine was asked to run"));
  const undone = await undoFailed({
    stack: "local",
    since: new Date(0),
    engine: { name: "embedded", version: "1.0.0", run: never } as unknown as StackEngine,
    place: await resolvePlace({ stack: "local" }),
    interruption: { signal: new AbortController().signal, kill: new AbortController().signal, env: {} },
    display: undefined,
    color: false,
    say: (line) => said.push(line),
  });
  expect(undone).toBeUndefined();
  expect(said).toEqual([]);
});
