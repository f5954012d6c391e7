import { readFileSync } from "node:fs";
import { join } from "node:path";
import { providerText } from "../../../infra/resources/provider-text";
import { projectRoot } from "../../../infra/support";

test("the provider text never changes: old states call it for ever", () => {
  expect(providerText("Backup")).toBe(
    'exports.handler=()=>require(require("path").resolve("..","infra","resources","host.cjs")).load("Backup")',
  );
  expect(readFileSync(join(projectRoot, "infra/resources/host.cjs"), "utf8")).toContain("exports.load");
});
