import { judgeSettings } from "../../ops/stack-settings";
import { SettingsError } from "../../stacks/settings";

const environment = { "dnd-tracker:environment": "staging" };

function problemsOf(config: Record<string, unknown>) {
  try {
    judgeSettings({ ...environment, ...config });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

test("a secret in plain text is refused with the command that encrypts it, together with all else that is wrong", () => {
  const problems = problemsOf({
    "dnd-tracker:app": { machines: 0, secrets: { JWT_SECRET: "canary-in-plain-text", OTHER: "[secret]" } },
    "dnd-tracker:database": { kind: "uri", name: "tales", uri: "mongodb://app:canary@db.example/" },
  });
  expect(problems.map(({ key }) => key)).toEqual([
    "dnd-tracker:app.secrets.JWT_SECRET",
    "dnd-tracker:database.uri",
    "dnd-tracker:app.machines",
  ]);
  expect(problems[0]?.allowed).toContain(
    "pulumi config set --secret --path dnd-tracker:app.secrets.JWT_SECRET",
  );
  expect(JSON.stringify(problems)).not.toContain("canary");
});

test("a secret among the plain words of the app's environment is refused, and told its place", () => {
  const problems = problemsOf({ "dnd-tracker:app": { env: { JWT_SECRET: "canary", LOG_LEVEL: "info" } } });
  expect(problems.map(({ key }) => key)).toEqual(["dnd-tracker:app.env.JWT_SECRET"]);
  expect(problems[0]?.allowed).toContain("--path dnd-tracker:app.secrets.JWT_SECRET");
  expect(JSON.stringify(problems)).not.toContain("canary");
});

test("an encrypted secret and an address without a password are let pass", () => {
  expect(
    problemsOf({
      "dnd-tracker:app": { secrets: { JWT_SECRET: "[secret]" } },
      "dnd-tracker:database": { kind: "uri", name: "tales", uri: "mongodb://127.0.0.1:27017/" },
    }),
  ).toEqual([]);
});

test("every secret of the monitoring is let pass encrypted, and refused in plain text", () => {
  const monitoring = (secret: string) => ({
    token: secret,
    services: [{ name: "cache", kind: "redis", url: "redis://cache.internal:6379", password: secret }],
    channels: [
      { type: "slack", config: { webhook: secret } },
      { type: "slack", name: "bot", config: { token: secret } },
      { type: "email", config: { recipients: ["guild@example.com"], smtp: { password: secret } } },
      { type: "pagerduty", config: { integrationKey: secret } },
      { type: "webhook", config: { url: "https://hooks.example.com", secret } },
      { type: "github", config: { repository: "guild/tracker", token: secret } },
    ],
  });
  expect(problemsOf({ "dnd-tracker:monitoring": monitoring("[secret]") })).toEqual([]);
  const problems = problemsOf({ "dnd-tracker:monitoring": monitoring("canary-in-plain-text") });
  expect(problems).toHaveLength(8);
  expect(JSON.stringify(problems)).not.toContain("canary");
});

test("an address with a login in it is refused where it would be shown, and the login is not", () => {
  const services = [
    { name: "cache", kind: "redis", url: "redis://:canary@cache.internal:6379" },
    { name: "shop", kind: "url", url: "https://guild:canary@shop.example.com/" },
  ];
  const channels = [{ type: "webhook", config: { url: "https://guild:canary@hooks.example.com" } }];
  const problems = problemsOf({ "dnd-tracker:monitoring": { services, channels } });
  expect(problems.map(({ key, value }) => `${key} ${value}`)).toEqual([
    'dnd-tracker:monitoring.services.0.url is "redis://[secret]@cache.internal:6379"',
    'dnd-tracker:monitoring.services.1.url is "https://[secret]@shop.example.com/"',
    'dnd-tracker:monitoring.channels.0.config.url is "https://[secret]@hooks.example.com"',
  ]);
});

test("the key of a stack's own database users is refused in plain text", () => {
  const database = { kind: "atlas", key: "canary-key-in-plain-text", previousKey: "[secret]" };
  const problems = problemsOf({ "dnd-tracker:database": database });
  expect(problems.map(({ key }) => key)).toEqual(["dnd-tracker:database.key"]);
  expect(problems[0]?.allowed).toContain("DND_DATABASE_KEY");
  expect(JSON.stringify(problems)).not.toContain("canary");
});

test("the key of a certificate is refused in plain text, by the path that encrypts it", () => {
  const certificates = { "dnd.example.com": { chain: "BEGIN CERTIFICATE", key: "canary-private-key" } };
  const problems = problemsOf({ "dnd-tracker:app": { certificates } });
  expect(problems.map(({ key }) => key)).toEqual(['dnd-tracker:app.certificates["dnd.example.com"].key']);
  expect(JSON.stringify(problems)).not.toContain("canary");
});

test("a secret of a wrong type, or in a group of a wrong form, is not shown either", () => {
  const wrongs: Record<string, unknown>[] = [
    { "dnd-tracker:database": { kind: "atlas", key: ["canary"] } },
    { "dnd-tracker:database": { kind: "atlas", previousKey: { canary: 1 } } },
    { "dnd-tracker:app": { secrets: ["canary"] } },
    { "dnd-tracker:app": { certificates: { "dnd.example.com": "canary" } } },
  ];
  for (const wrong of wrongs) {
    const problems = problemsOf(wrong);
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toContain("canary");
  }
});
