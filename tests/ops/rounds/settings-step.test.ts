import { settingsAudit } from "../../../ops/rounds/settings-step";
import type { RoundContext } from "../../../ops/rounds/step";

const names = ["MONGODB_URI_STAGING", "MONGODB_URI_PRODUCTION"] as const;
const before = names.map((name) => process.env[name]);
afterEach(() => {
  for (const [at, name] of names.entries()) {
    const value = before[at];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

async function found(staging: string, production: string): Promise<string[]> {
  Object.assign(process.env, { MONGODB_URI_STAGING: staging, MONGODB_URI_PRODUCTION: production });
  const findings = await settingsAudit.look({} as RoundContext);
  expect(JSON.stringify(findings)).not.toContain("k4n4ri3");
  return findings.filter(({ state }) => state === "act").map(({ subject }) => subject);
}

test("one database for staging and production is named, whoever logs in, and nothing that opens it is told", async () => {
  const own = await found("mongodb://a:k4n4ri3@one,two/tracker", "mongodb://a:k4n4ri3@three/tracker");
  const same = await found("mongodb://a:k4n4ri3@one,two/tracker", "mongodb://b@TWO,one/tracker?w=1");
  expect(own).not.toContain("database");
  expect(same).toEqual([...own, "database"]);
});
