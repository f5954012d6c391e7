import { FlyNotAllowed, FlyUnavailable } from "../../../infra/drivers/fly-api";
import { OperatorError } from "../../../infra/support";
import { follow } from "../../../ops/log/follow";
import { readLine, type LogLine } from "../../../ops/log/line";

const call = { doing: "show the log of app web", said: "nobody answers" };

/** A source that gives these one after the other, and ends the following with the last. */
function following(answers: (string | OperatorError)[]) {
  const ended = new AbortController();
  const told: string[] = [];
  const said: string[] = [];
  const next = (): Promise<LogLine[]> => {
    const answer = answers.shift();
    if (answers.length === 0) ended.abort();
    if (answer instanceof OperatorError) return Promise.reject(answer);
    return Promise.resolve(answer === undefined ? [] : [readLine(answer, "m1")]);
  };
  const source = { next, read: next, nobody: () => undefined, close: () => Promise.resolve() };
  const run = follow(source, {
    tell: (lines) => told.push(...lines.map(({ text }) => text)),
    signal: ended.signal,
    say: (line) => said.push(line),
    pauseMs: 1,
  });
  return { run, told, said };
}

test("goes on when Fly is away for a while, and says so once", async () => {
  const away = new FlyUnavailable(call);
  const { run, told, said } = following(["one", away, away, "two", "three"]);
  await run;
  expect(told).toEqual(["one", "two", "three"]);
  expect(said).toEqual([expect.stringContaining("nobody answers"), "the log can be read again"]);
});

test("ends with what no waiting mends, such as a token that has expired", async () => {
  const { run } = following(["one", new FlyNotAllowed(call), "two"]);
  await expect(run).rejects.toMatchObject({ code: "fly-not-allowed", exitCode: 2 });
});
