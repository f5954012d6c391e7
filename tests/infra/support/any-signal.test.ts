import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { anySignal, waitFor, withDeadline } from "../../../infra/support";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("a time limit that nobody else holds comes, however much garbage is collected before", async () => {
  const asked = new AbortController();
  const signal = anySignal([asked.signal, AbortSignal.timeout(300)]);
  const aborted = () => {
    collectGarbage();
    return signal.aborted ? true : undefined;
  };
  await waitFor(aborted, { what: "the limit", timeoutMs: 20_000, intervalMs: 50 });
  expect(signal.reason).toMatchObject({ name: "TimeoutError" });
});

test("the first to abort gives the reason, before or after they were joined", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const both = anySignal([one.signal, other.signal]);
  other.abort(new Error("second"));
  one.abort(new Error("first"));
  expect(both.reason).toMatchObject({ message: "second" });
  expect(anySignal([new AbortController().signal, one.signal]).reason).toMatchObject({ message: "first" });
});

test("many waits under one signal are no leak, and leave nothing behind when they are over", async () => {
  const warned: Error[] = [];
  const hear = (warning: Error) => void warned.push(warning);
  process.on("warning", hear);
  try {
    const asked = new AbortController();
    const joined = Array.from({ length: 20 }, () => anySignal([asked.signal, new AbortController().signal]));
    const waits = Array.from({ length: 20 }, () =>
      withDeadline(60_000, async (signal) => signal.aborted, asked.signal),
    );
    expect(await Promise.all(waits)).not.toContain(true);
    await new Promise(setImmediate);
    expect(warned).toEqual([]);
    asked.abort();
    expect(joined.every(({ aborted }) => aborted)).toBe(true);
  } finally {
    process.off("warning", hear);
  }
});
