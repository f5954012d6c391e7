import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
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
  expect(chosen({ machine: "m2" })).toBe(false);
  expect(() => chosen({ grep: "(" })).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test("a log is read on from where it was read to, whole lines alone, and anew when it was emptied", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dnd-logs-"));
  const path = join(folder, "machine.log");
  const file = new FollowedFile(path, "m1");
  const texts = async () => (await file.read()).map(({ text }) => text);
  expect(await texts()).toEqual([]);
  await writeFile(path, `${warning}\n    at somewhere\nhal`);
  const [first, trace] = await file.read();
  expect(first?.text).toBe("slow");
  // A stack trace is of the line above it.
  expect(trace).toMatchObject({ at, level: "warn" });
  await appendFile(path, "f\n");
  expect(await texts()).toEqual(["half"]);
  expect(await texts()).toEqual([]);
  await truncate(path, 0);
  await appendFile(path, "new\n");
  expect(await texts()).toEqual(["new"]);
  await rm(folder, { recursive: true });
});
