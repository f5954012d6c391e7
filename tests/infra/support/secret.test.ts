import { inspect } from "node:util";
import { Secret } from "../../../infra/support";

test("a secret shows itself only to whoever asks for it by name", () => {
  const secret = new Secret("canary-7f3a");
  const seen = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ deep: { secret } })];
  for (const text of seen) expect(text).not.toContain("canary");
  expect(secret.reveal()).toBe("canary-7f3a");
});
