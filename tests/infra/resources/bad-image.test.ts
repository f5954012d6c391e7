import { VerificationError } from "../../../infra/engines/health";
import { blamesImage } from "../../../infra/resources/bad-image";
import { OperatorError } from "../../../infra/support";

const failed = (name: string, unanswered = false) => {
  const check = { name, ok: false, detail: "not well", durationMs: 1 };
  const checks = [unanswered ? { ...check, unanswered: true as const } : check];
  return new VerificationError("http://app.test", checks);
};

describe("the image is blamed", () => {
  test.each([
    ["an app that answered wrongly", failed("game")],
    ["an app that was bad while it was watched", new VerificationError("http://app.test", [], ["slow"])],
    ["that wrong answer behind another error", around(failed("health"))],
  ])("for %s", (_what, error) => {
    expect(blamesImage(error)).toBe(true);
  });
});

describe("the image is not blamed", () => {
  test.each([
    ["an app that nothing could be heard of", failed("health", true)],
    ["documents that break their validators", failed("validators")],
    ["a database that is not well", failed("database")],
    ["a machine of this host that was never heard of", silent("machine-unheard")],
    ["a machine at Fly that was never heard of", around(silent("fly-machine-unheard"))],
  ])("for %s", (_what, error) => {
    expect(blamesImage(error)).toBe(false);
  });
});

function silent(code: string): OperatorError {
  return new OperatorError({ code, message: "not healthy after 30s", remedy: "look at the load" });
}

function around(cause: Error): OperatorError {
  return new OperatorError({ code: "fly-returned", message: "returned", remedy: "mend it", cause });
}
