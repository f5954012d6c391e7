import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { anySignal, waitFor } from "../../../infra/support";

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
