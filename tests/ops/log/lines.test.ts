import { appendFile, copyFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FollowedFile } from "../../../ops/log/followed-file";
import { readLine } from "../../../ops/log/line";
import { lineText } from "../../../ops/log/text";
import { wantedBy } from "../../../ops/log/wanted";

const at = new Date("2026-11-21T10:00:00Z");
const warning = JSON.stringify({ level: 40, time: at.getTime(), msg: "slow", ms: 1200, pid: 7 });

test("a line of JSON tells its time, level and text, and any other line is a text", () => {
  expect(readLine(warning, "m1")).toEqual({
    ...{ at, machine: "m1", level: "warn", text: "slow", fields: { ms: 1200 } },
  });
  expect(readLine("Listening", "m1")).toMatchObject({ at: null, level: null, text: "Listening" });
  expect(readLine('{"half', "m1")).toMatchObject({ text: '{"half' });
});

test("what is shown opens nothing", () => {
  const said = lineText(readLine("no answer from mongodb://ada:k4n4ri3@db/", "m1"));
  expect(said).not.toContain("k4n4ri3");
});

test("lines are chosen by time, level, machine and expression", () => {
  const line = readLine(warning, "m1");
  const chosen = (wish: object) => wantedBy({ since: "2026-11-21T09:00Z", ...wish })(line);
  expect(chosen({})).toBe(true);
  expect(chosen({ since: "2026-11-21T11:00Z" })).toBe(false);
  expect(chosen({ level: "warn", grep: "SLOW", machine: "m1" })).toBe(true);
  expect(chosen({ grep: '"ms":1200' })).toBe(true);
  expect(chosen({ level: "error" })).toBe(false);
  // A program that dies says so in plain words.
  expect(wantedBy({ since: "1h", level: "error" })(readLine("FATAL ERROR: out of memory", "m1"))).toBe(true);
  expect(chosen({ machine: "m2" })).toBe(false);
  expect(() => chosen({ grep: "(" })).toThrow(expect.objectContaining({ exitCode: 2 }));
});

describe("a log that is followed", () => {
  let folder: string;
  let path: string;
  let file: FollowedFile;
  const texts = async () => (await file.read()).map(({ text }) => text);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dnd-logs-"));
    path = join(folder, "machine.log");
    file = new FollowedFile(path, "m1");
  });
  afterEach(async () => {
    await file.close();
    await rm(folder, { recursive: true });
  });

  test("is read on from where it was read to, whole lines alone, and anew when it was emptied", async () => {
    expect(await texts()).toEqual([]);
    await writeFile(path, `${warning}\n    at somewhere\nKilled\nhal`);
    const [first, trace, plain] = await file.read();
    expect(first?.text).toBe("slow");
    // A stack trace is of the line above it; what is not indented tells of something else.
    expect(trace).toMatchObject({ at, level: "warn" });
    expect(plain).toMatchObject({ at, level: null, text: "Killed" });
    await appendFile(path, "f\n");
    expect(await texts()).toEqual(["half"]);
    expect(await texts()).toEqual([]);
    await truncate(path, 0);
    await appendFile(path, "new\n");
    expect(await texts()).toEqual(["new"]);
  });

  test("loses no line when it has grown large and is moved aside, nor when its machine is removed", async () => {
    await writeFile(path, "seen\n");
    expect(await texts()).toEqual(["seen"]);
    await appendFile(path, "just before\n");
    await copyFile(path, `${path}.1`);
    await truncate(path, 0);
    await appendFile(path, "a\n");
    expect(await texts()).toEqual(["just before", "a"]);
    await appendFile(path, "last words\n");
    await rm(path);
    expect(await texts()).toEqual(["last words"]);
    await writeFile(path, "another machine\n");
    expect(await texts()).toEqual(["another machine"]);
  });
});
