import { DeploymentManager } from "../../../ops/deployment";

/** As a program in JavaScript may call it. */
const made = (config: unknown, around: unknown = {}) =>
  new DeploymentManager(config as never, around as never);

test("wrong options are refused at once and all together, for an ignored one would deploy", () => {
  const wrong = () =>
    made({ environment: "prod", dryrun: true, timeout: "5m", skipMigrations: "no" }, { engine: "terraform" });
  expect(wrong).toThrow(expect.objectContaining({ code: "deployment-options-wrong", exitCode: 2 }));
  for (const name of ["environment", "dryrun", "timeout", "skipMigrations", "engine"])
    expect(wrong).toThrow(name);
});

test.each([
  undefined,
  { environment: "development", timeout: -5 },
  { environment: "development", timeout: 2 ** 40 },
])("%j is no configuration", (config) =>
  expect(() => made(config)).toThrow("options of the DeploymentManager are wrong"),
);

test.each([
  [{ type: "wrong" }, "there is no rollback of type wrong"],
  [{ type: "migration", steps: -2 }, "--steps wants a number"],
  [{ type: "app", steps: 2 }, "--steps means nothing to app"],
  [{ type: "full", to: 1.5 }, "--to wants the number"],
])("a rollback of %j is refused, and never taken for another", async (options, why) => {
  const answer = await made({ environment: "development" }).rollback(options as never);
  expect(answer).toMatchObject({ success: false, error: expect.stringContaining(why) as string });
});
