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

test("an encrypted secret and an address without a password are let pass", () => {
  expect(
    problemsOf({
      "dnd-tracker:app": { secrets: { JWT_SECRET: "[secret]" } },
      "dnd-tracker:database": { kind: "uri", name: "tales", uri: "mongodb://127.0.0.1:27017/" },
    }),
  ).toEqual([]);
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
