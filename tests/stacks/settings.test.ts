import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../infra/support";
import { snapshotWanted } from "../../stacks/snapshot-settings";
import { SettingsError, readSettings, settingsSchema } from "../../stacks/settings";

const minimal = { "dnd-tracker:environment": "development" };

function problemsOf(values: Record<string, string>, env: Record<string, string> = {}) {
  try {
    readSettings(values, env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error("the settings were accepted");
}

describe("settings", () => {
  test("say nothing but the environment and have a sensible default for everything else", () => {
    const settings = readSettings(minimal, {});
    expect(settings.app.machines).toBe(2);
    expect(settings.app.startTimeout).toBe(30_000);
    expect(settings.database).toEqual({ kind: "embedded", name: "dnd-tracker" });
    expect(settings.backup.retention.days).toBe(7);
  });

  test("that one environment has from another by mistake are refused: it would lose its protection", () => {
    const copied = { "dnd-tracker:environment": "staging" };
    expect(() => readSettings(copied, {}, "production")).toThrow(
      "dnd-tracker:environment: staging; allowed: production, as the stack is called",
    );
    expect(readSettings(copied, {}, "staging").environment).toBe("staging");
    expect(readSettings(copied, {}, "rehearsal").environment).toBe("staging");
  });

  test("are refused in a shell that speaks of another environment", () => {
    const values = { "dnd-tracker:environment": "staging" };
    expect(() => readSettings(values, { DEPLOY_ENV: "production" }, "staging")).toThrow(
      "DEPLOY_ENV: is production in the environment of this command; allowed: staging, as the stack staging is, or unset",
    );
    expect(readSettings(values, { DEPLOY_ENV: "staging" }, "staging").environment).toBe("staging");
  });

  test("are all reported wrong at once, each with key, value and what is allowed", () => {
    const error = problemsOf({
      "dnd-tracker:environment": "dev",
      "dnd-tracker:app": '{"machines":20,"colour":"red","startTimeout":"soon"}',
      "dnd-tracker:database": '{"kind":"oracle"}',
    });
    expect(error.exitCode).toBe(2);
    expect(error.problems.map((problem) => problem.key).sort()).toEqual([
      "dnd-tracker:app.colour",
      "dnd-tracker:app.machines",
      "dnd-tracker:app.startTimeout",
      "dnd-tracker:database.kind",
      "dnd-tracker:environment",
    ]);
    expect(error.message).toContain(
      'dnd-tracker:environment: is "dev"; allowed: development, staging, production',
    );
  });

  test("begin a snapshot beside archives in production on a cluster that has them, or where one is named", () => {
    const wanted = (environment: string, database: object, backup: object = {}) =>
      snapshotWanted(
        readSettings(
          {
            "dnd-tracker:environment": environment,
            "dnd-tracker:database": JSON.stringify(database),
            "dnd-tracker:backup": JSON.stringify(backup),
          },
          {},
        ),
      );
    const own = { project: "dnd-tracker-production", cluster: "dnd-tracker-production" };
    expect(wanted("production", { kind: "atlas", tier: "M10" })).toEqual(own);
    expect(wanted("production", { kind: "atlas", tier: "M10" }, { snapshot: false })).toBeUndefined();
    expect(wanted("production", { kind: "atlas", tier: "FLEX" })).toBeUndefined();
    expect(wanted("staging", { kind: "atlas", tier: "M10" })).toBeUndefined();
    expect(wanted("production", { kind: "uri" })).toBeUndefined();
    const snapshot = { project: "guild", cluster: "heroes" };
    expect(wanted("production", { kind: "uri" }, { snapshot })).toEqual(snapshot);
  });

  test("take one store or a list, of which the first takes archives and the others copies", () => {
    const storesOf = (store: unknown) =>
      readSettings({ ...minimal, "dnd-tracker:backup": JSON.stringify({ store }) }, {}).backup;
    expect(storesOf(undefined)).toMatchObject({ store: "backups", copies: [] });
    expect(storesOf("s3://one/a")).toMatchObject({ store: "s3://one/a", copies: [] });
    expect(storesOf(["backups", "s3://one/a"])).toMatchObject({ store: "backups", copies: ["s3://one/a"] });
    const wrong = (store: unknown) =>
      problemsOf({ ...minimal, "dnd-tracker:backup": JSON.stringify({ store }) }).problems[0];
    expect(wrong(7)).toMatchObject({
      key: "dnd-tracker:backup.store",
      allowed: expect.stringContaining("a list of up to 5"),
    });
    expect(wrong([])).toMatchObject({ key: "dnd-tracker:backup.store" });
    expect(wrong(["a", "a"])).toMatchObject({ allowed: "each store once" });
  });

  test("want backups where a failed migration is to come back out of one, and a range that is one", () => {
    const { problems } = problemsOf({
      ...minimal,
      "dnd-tracker:backup": '{"enabled":false}',
      "dnd-tracker:migrations": '{"onFailure":"restore"}',
    });
    expect(problems).toMatchObject([{ key: "dnd-tracker:migrations.onFailure", value: 'is "restore"' }]);
    const range = '{"schema":{"min":"20260102000000","max":"20260101000000"}}';
    expect(problemsOf({ ...minimal, "dnd-tracker:migrations": range }).message).toContain(
      "min no later than max",
    );
  });

  test("never show a secret, even a wrong one", () => {
    const error = problemsOf({ ...minimal, "dnd-tracker:app": '{"secrets":{"NEXTAUTH_SECRET":4711}}' });
    expect(error.message).not.toContain("4711");
    const settings = readSettings(
      { ...minimal, "dnd-tracker:app": '{"secrets":{"NEXTAUTH_SECRET":"canary"}}' },
      {},
    );
    expect(JSON.stringify(settings)).not.toContain("canary");
  });

  test("give way to the guides' environment variables", () => {
    const settings = readSettings(minimal, { MONGODB_DB_NAME: "tales", NEXTAUTH_URL: "https://tales.test" });
    expect(settings.database.name).toBe("tales");
    expect(settings.app.env.NEXTAUTH_URL).toBe("https://tales.test");
  });

  test.each(["local", "staging", "production"])("of the committed stack %s are right", (stack) => {
    const file = parse(readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Record<string, unknown>;
    };
    const values = Object.entries(file.config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    expect(() => readSettings(Object.fromEntries(values) as Record<string, string>, {})).not.toThrow();
  });

  test("are declared in Pulumi.yaml with the same groups and the same defaults", () => {
    const project = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { default?: Record<string, unknown>; description: string }>;
    };
    expect(Object.keys(project.config)).toEqual(Object.keys(settingsSchema.shape));
    const declared = Object.entries(project.config).filter(([, group]) => group.default);
    const fromDeclared = Object.fromEntries(
      declared.map(([name, group]) => [`dnd-tracker:${name}`, JSON.stringify(group.default)]),
    );
    expect(readSettings({ ...minimal, ...fromDeclared }, {})).toEqual(readSettings(minimal, {}));
    for (const group of Object.keys(settingsSchema.shape.app.unwrap().shape)) {
      expect(project.config.app?.description).toContain(group);
    }
  });
});
