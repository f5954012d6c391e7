import { deployTimeout } from "../../../ops/operations/deploy-timeout";

test.each([
  [{}, undefined],
  [{ DEPLOY_TIMEOUT: "" }, undefined],
  [{ DEPLOY_TIMEOUT: "600000" }, 600_000],
])("the guides' limit of a deployment: %j is %s", (env, ms) => {
  expect(deployTimeout(env)).toBe(ms);
});

test.each(["10m", "-1", "0", "99999999999"])(
  "DEPLOY_TIMEOUT=%s is refused, not ignored",
  (DEPLOY_TIMEOUT) => {
    expect(() => deployTimeout({ DEPLOY_TIMEOUT })).toThrow(expect.objectContaining({ exitCode: 2 }));
  },
);
