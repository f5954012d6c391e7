import { OperatorError } from "../../../infra/support";
import { wayPastMissingStack } from "../../../ops/operations/stack-before";
import { readSettings } from "../../../stacks/settings";

const settingsOf = (promotion: object) =>
  readSettings(
    {
      "dnd-tracker:environment": "production",
      "dnd-tracker:database": JSON.stringify({ kind: "atlas", name: "tracker", orgId: "org-1" }),
      "dnd-tracker:release": JSON.stringify({ promotion }),
    },
    {},
  );
const missing = {
  outputs: () =>
    Promise.reject(
      new OperatorError({
        code: "stack-missing",
        kind: "usage",
        message: "no stack staging",
        remedy: "Bring it up.",
      }),
    ),
};
const there = { outputs: () => Promise.resolve({}) };

test("where the stack that goes before production is missing, every way on is named", async () => {
  const way = await wayPastMissingStack(missing, settingsOf({}), undefined);
  expect(way).toContain("takes only what has passed the stack staging");
  expect(way).toContain("no stack staging");
  for (const words of ["dnd up --stack staging", "--override-promotion", "promotion.required: false"])
    expect(way).toContain(words);
});

test.each([
  ["is there", there, settingsOf({}), undefined],
  ["is not asked for", missing, settingsOf({ required: false }), undefined],
  ["was gone past by a setting", missing, settingsOf({ override: "the login is down" }), undefined],
  ["was gone past by this run", missing, settingsOf({}), "the login is down"],
])("nothing is said where that stack %s", async (_case, engine, settings, overridden) => {
  await expect(wayPastMissingStack(engine, settings, overridden)).resolves.toBeUndefined();
});
