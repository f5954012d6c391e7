import { setTimeout as sleep } from "node:timers/promises";
import { DeadlineError, waitFor } from "../../../infra/support";

describe("waiting", () => {
  test("ends with the words of whoever interrupted it", async () => {
    const interruption = new AbortController();
    const never = waitFor(() => undefined, {
      what: "a miracle",
      timeoutMs: 5000,
      intervalMs: 1000,
      signal: interruption.signal,
    });
    await sleep(20);
    interruption.abort(new Error("interrupted by the operator"));
    await expect(never).rejects.toThrow("interrupted by the operator");
  });

  test("ends at its deadline and says for what it waited", async () => {
    const late = waitFor(() => undefined, { what: "a miracle", timeoutMs: 30, intervalMs: 10 });
    await expect(late).rejects.toThrow(DeadlineError);
    await expect(late).rejects.toThrow("waited 0.03s for a miracle");
  });

  test("is neither cut short nor made endless by a clock that is set meanwhile", async () => {
    const clock = jest.spyOn(Date, "now");
    try {
      let asked = 0;
      clock.mockReturnValueOnce(0).mockReturnValue(86_400_000);
      const comes = waitFor(() => (++asked === 3 ? "there" : undefined), { what: "it", timeoutMs: 5000 });
      await expect(comes).resolves.toBe("there");
      clock.mockReset().mockReturnValueOnce(86_400_000).mockReturnValue(0);
      const never = waitFor(() => undefined, { what: "it", timeoutMs: 30, intervalMs: 10 });
      await expect(never).rejects.toThrow(DeadlineError);
    } finally {
      clock.mockRestore();
    }
  });
});
