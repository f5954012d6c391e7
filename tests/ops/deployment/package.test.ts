import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../infra/support";

interface Package {
  main?: string;
  exports: Record<string, unknown>;
}
const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as Package;

test("what the package gives to programs is never taken for the program of a stack", () => {
  // Pulumi's SDK runs `main`, or the export ".", in place of the folder that Pulumi.yaml names: that would be a program
  // without resources, and an `up` of it would delete the stack.
  expect(manifest.main).toBeUndefined();
  expect(manifest.exports["."]).toBeUndefined();
});
