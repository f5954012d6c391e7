import { PassThrough } from "node:stream";
import { check } from "../../../ops/check";

const nowhere = new PassThrough().resume();
const terminal = {
  ...{ out: nowhere, err: nowhere, interactive: false, color: false, json: false },
  say: () => undefined,
};
const common = { stack: "local", json: false, yes: false, strict: false };

test.each([
  [{ prove: true, skipTests: "no time" }, "--skip-tests leaves out"],
  [{ skipTests: " " }, "wants a reason"],
  [{ key: "key" }, "--key belongs to"],
  [{ prove: true, junit: "report.xml" }, "the checklist alone"],
])("what does not fit together is refused before anything is looked at: %j", async (given, why) => {
  await expect(check({ ...common, ...given }, terminal)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(why) as string,
  });
});
