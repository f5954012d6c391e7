import { flyEnvironment } from "../../../../infra/drivers/fly-api/from-environment";

const tokenOf = (env: NodeJS.ProcessEnv) => flyEnvironment(env).token.reveal();

test("the token is the one that Fly's own tool takes first, and one that is empty is none", () => {
  expect(tokenOf({ FLY_ACCESS_TOKEN: "first", FLY_API_TOKEN: "second" })).toBe("first");
  expect(tokenOf({ FLY_ACCESS_TOKEN: "", FLY_API_TOKEN: "second" })).toBe("second");
});

test("before there is an app its own token cannot be: who has none is told of the organization's", () => {
  expect(() => tokenOf({ FLY_API_TOKEN: "" })).toThrow(/fly tokens create org/);
});
