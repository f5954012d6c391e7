import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  mergeReleases,
  missingNumbers,
  releaseInState,
  releasesInHistory,
  type Release,
} from "../../../../infra/engines/release";

const type = (name: string) => `pulumi-nodejs:dynamic/dnd:${name}`;

function resources(number: number, opened = number) {
  const image = { name: "app", version: `${number}.0.0`, digest: `sha256:${number}` };
  const preflight = {
    ...{ release: opened, environment: "staging", why: ["first"], schemaBefore: "10", commit: "c0ffee" },
    openedAt: "2026-11-01T10:00:00.000Z",
  };
  const record = { release: number, image, schemaVersion: "11", archive: { id: `a-${number}`, bytes: 5 } };
  return [
    { type: type("Preflight"), outputs: preflight },
    { type: type("ReleaseRecord"), outputs: record },
  ];
}

const inFolder = (number: number, opened?: number) =>
  JSON.stringify({ version: 3, checkpoint: { latest: { resources: resources(number, opened) } } });

test("the state of a stack tells of its release, as a folder keeps it and as Pulumi Cloud prints it", () => {
  const exported = JSON.stringify({ version: 3, deployment: { resources: resources(4) } });
  const told = {
    ...{ _id: 4, state: "done", environment: "staging", commit: "c0ffee" },
    ...{ image: { version: "4.0.0" }, schema: { before: "10", after: "11" }, archive: { id: "a-4" } },
  };
  expect(releaseInState(exported)).toMatchObject(told);
  expect(releaseInState(inFolder(4))).toMatchObject(told);
});

test("a rollback is told as one from the state too, with what it took back", () => {
  const [preflight, record] = resources(4);
  const details = { kind: "data", rollbackOf: 3, target: 2, reason: "logins fail", engine: "embedded 1" };
  const opened = { ...preflight, outputs: { ...preflight?.outputs, details } };
  const state = (one: unknown) => JSON.stringify({ version: 3, deployment: { resources: [one, record] } });
  expect(releaseInState(state(opened))).toMatchObject({ kind: "data", rollbackOf: 3, target: 2 });
  const odd = { ...preflight, outputs: { ...preflight?.outputs, details: { kind: "sideways" } } };
  expect(releaseInState(state(odd))).toMatchObject({ _id: 4, commit: "c0ffee" });
});

test("a later release that failed lends the good one nothing of its own", () => {
  expect(releaseInState(inFolder(4, 5))).toMatchObject({ _id: 4, commit: null, schema: { before: null } });
});

test("a state without a release tells of none", () => {
  expect(releaseInState(JSON.stringify({ version: 3, checkpoint: { latest: null } }))).toBeUndefined();
});

test("the history of a file backend is read newest first, packed or not, and fills what the journal lacks", async () => {
  const root = await mkdtemp(join(tmpdir(), "dnd-history-"));
  const folder = join(root, ".pulumi", "history", "dnd-tracker", "staging");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "staging-1.checkpoint.json"), inFolder(1));
  await writeFile(join(folder, "staging-2.checkpoint.json.gz"), gzipSync(inFolder(2)));
  await writeFile(join(folder, "staging-2.history.json"), "{}");
  try {
    const history = await releasesInHistory(`file://${root}`, "dnd-tracker", "staging", 10);
    expect(history.map(({ _id }) => _id)).toEqual([2, 1]);
    const [second] = history;
    if (!second) throw new Error("nothing was read");
    const journal = [{ ...second, reason: "from the journal" }];
    expect(missingNumbers(journal, 10)).toBe(true);
    expect(mergeReleases(journal, history)).toEqual([journal[0], history[1]]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

const numbered = (...numbers: number[]) => numbers.map((_id) => ({ _id }) as Release);

describe("numbers are missing in a journal", () => {
  test.each([
    ["that is empty", [], 200, true],
    ["that is whole", [3, 2, 1], 200, false],
    ["with a hole", [4, 2, 1], 200, true],
    ["that has lost its beginning", [4, 3], 200, true],
    ["of which only the newest were asked for", [4, 3], 2, false],
  ])("%s", (_what, numbers, asked, expected) => {
    expect(missingNumbers(numbered(...numbers), asked)).toBe(expected);
  });
});
