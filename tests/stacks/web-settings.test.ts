import { readAppSettings } from "../../app/settings";
import { gatesWanted } from "../../stacks/gates-wanted";
import { readSettings } from "../../stacks/settings";
import { webEnv } from "../../stacks/web-settings";

const settingsOf = (environment: string, app: object = {}) =>
  readSettings(
    {
      "dnd-tracker:environment": environment,
      "dnd-tracker:app": JSON.stringify(app),
      "dnd-tracker:database": JSON.stringify({ kind: "uri", name: "tales" }),
    },
    {},
  );
const envOf = (environment: string, web: object = {}) => webEnv(settingsOf(environment, { web }));

test("production is reached by TLS alone and asked no more often than it bears; nothing of it is told elsewhere", () => {
  expect(envOf("production")).toEqual({ HSTS_MAX_AGE: "31536000", RATE_LIMIT_PER_MINUTE: "3000" });
  expect(envOf("staging")).toEqual({});
  expect(envOf("development")).toEqual({});
  expect(envOf("production", { hsts: "off", rateLimit: "off" })).toEqual({});
  const own = settingsOf("production", { env: { HSTS_MAX_AGE: "60" } });
  expect(webEnv(own)).toEqual({ RATE_LIMIT_PER_MINUTE: "3000" });
});

test("what is set reaches the app in words that it understands", () => {
  const corsOrigins = ["https://tales.example.com", "http://localhost:5173"];
  const env = envOf("staging", { hsts: "1h", rateLimit: 60, corsOrigins });
  expect(readAppSettings({ ...env, MONGODB_URI: "mongodb://127.0.0.1" })).toMatchObject({
    HSTS_MAX_AGE: 3600,
    RATE_LIMIT_PER_MINUTE: 60,
    CORS_ORIGINS: corsOrigins,
  });
});

test("every origin, all of a limit and a time that is none are refused, each by its path", () => {
  const wrong = () => settingsOf("staging", { web: { hsts: "long", corsOrigins: ["*"], rateLimit: 0 } });
  for (const path of ["web.hsts", "web.corsOrigins.0", "web.rateLimit"]) expect(wrong).toThrow(`app.${path}`);
});

test("secrets of the guides' that sign or encrypt are refused when they can be guessed, and missed by nobody", () => {
  const secrets = { NEXTAUTH_SECRET: "n".repeat(32), JWT_SECRET: "short", ENCRYPTION_SECRET: "e".repeat(32) };
  const needed = (app: object) =>
    Object.fromEntries(
      gatesWanted(settingsOf("production", app), {}).needed.map((one) => [one.name, one.problem]),
    );
  expect(needed({ secrets })).toMatchObject({
    "app.secrets.NEXTAUTH_SECRET": null,
    "app.secrets.JWT_SECRET": "has 5 characters, at least 32 are safe",
    "app.secrets.ENCRYPTION_SECRET": null,
  });
  expect(needed({})).not.toHaveProperty(["app.secrets.JWT_SECRET"]);
});
