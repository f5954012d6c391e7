import { PassThrough } from "node:stream";
import type { OperationEvent, OperationResult } from "../../../ops/engine";
import { showPipeline } from "../../../ops/pipeline";
import { Board } from "../../../ops/pipeline/board";
import { boardLines, summaryLines } from "../../../ops/pipeline/lines";

const urn = (name: string) => `urn:pulumi:local::dnd-tracker::pulumi-nodejs:dynamic/dnd:Step::${name}`;
const started = (name: string, op = "update"): OperationEvent => ({
  kind: "step-started",
  op,
  urn: urn(name),
});
const done = (name: string, failed = false, op = "update"): OperationEvent => ({
  ...{ kind: "step-done", op, urn: urn(name) },
  ...{ failed, durationMs: 1500 },
});

const result: OperationResult = {
  ...{ operation: "up", stack: "local", engine: "embedded", result: "failed", changeSummary: {}, steps: [] },
  diagnostics: [{ severity: "error", message: "the disk is full\n" }],
  outputs: { url: "http://127.0.0.1:3000", dashboardUrl: "http://127.0.0.1:3000/deployments" },
  duration: 2e9,
};

/** A terminal that remembers what was written. */
function remembered(interactive: boolean) {
  const text = { out: "", err: "" };
  const stream = (name: "out" | "err") =>
    new PassThrough().on("data", (data) => (text[name] += String(data)));
  const [out, err] = [stream("out"), stream("err")];
  const terminal = { out, err, interactive, color: false, json: false, say: () => undefined };
  return { text, terminal };
}

beforeAll(() => {
  process.env.TERM = "xterm";
});

describe("the pipeline of a release", () => {
  test("shows each step: what waits, what works and what it says, what is done and in which time, what failed", () => {
    const board = new Board(() => 10_000);
    const said = "archiving characters: 12 MB of 40 MB, 3 MB/s, 9s to go";
    for (const event of [
      started("preflight"),
      { kind: "progress", urn: urn("preflight"), message: "release 3: image 1.0.0 to 1.1.0" } as const,
      done("preflight"),
      done("expand-migrations", false, "same"),
      started("backup"),
      { kind: "progress", urn: urn("backup"), message: said } as const,
      done("record", true),
    ])
      board.tell(event);
    const lines = boardLines(board);
    expect(lines[0]).toMatch(/^✓ preflight +1\.5s {2}release 3: image 1\.0\.0 to 1\.1\.0$/);
    expect(lines[1]).toMatch(/^… backup .*archiving characters: 12 MB of 40 MB, 3 MB\/s, 9s to go$/);
    expect(lines[2]).toMatch(/^= expand-migrations +unchanged$/);
    expect(lines[3]).toMatch(/^· app-machines$/);
    expect(lines.at(-1)).toMatch(/^✗ record/);
    expect(boardLines(board, 20).every((line) => line.length <= 20)).toBe(true);
    expect(summaryLines(result, board)).toEqual(
      expect.arrayContaining([
        "error: the disk is full",
        "up of local failed in 2.0s",
        "app: http://127.0.0.1:3000",
        "dashboard: http://127.0.0.1:3000/deployments",
      ]),
    );
  });

  test("is a list in the engine's place on a terminal, with the summary below", () => {
    const { text, terminal } = remembered(true);
    const shown = showPipeline(terminal, { title: "up local", detailed: false, github: false });
    shown.onEvent(done("preflight"));
    shown.end(result);
    expect(shown.display).toBeUndefined();
    expect(text.err).toContain("· preflight");
    expect(text.out).toContain("✓ preflight");
    expect(text.out).not.toContain("\u001b");
  });

  test("stays whole when something is said meanwhile, and on a terminal that is lower than it is long", () => {
    const { text, terminal } = remembered(true);
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const given = { ...terminal, say };
    const shown = showPipeline(given, { title: "up local", detailed: false, github: false });
    const lines = text.err.split("\n").length - 1;
    given.say("stopping at the next safe point");
    expect(text.err.split(`\r\u001b[${lines}A\u001b[0J`)).toHaveLength(2);
    shown.end();
    expect(said).toEqual(["stopping at the next safe point"]);
    expect(given.say).toBe(say);
    const board = new Board();
    for (let n = 0; n < 60; n++) board.tell(done(`cluster-${n}`, false, "create"));
    board.tell(started("cluster-60", "create"));
    const shownOf61 = boardLines(board, 100, 9);
    expect(shownOf61).toHaveLength(8);
    expect(shownOf61.at(-1)).toMatch(/^… cluster-60/);
  });

  test("is a group of the log on GitHub, and the engine's own lines elsewhere", () => {
    const { text, terminal } = remembered(false);
    const shown = showPipeline(terminal, { title: "up local", detailed: false, github: true });
    shown.display?.write("the engine says something\n");
    shown.end(result);
    expect(text.out).toMatch(
      /^::group::up local\nthe engine says something\n::endgroup::\n[^]*up of local failed/,
    );
    const plain = remembered(false);
    showPipeline(plain.terminal, { title: "up local", detailed: false, github: false }).end(result);
    expect(plain.text.out).toBe("");
  });
});
