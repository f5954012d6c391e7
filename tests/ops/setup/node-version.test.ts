import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../../infra/support";

function complaint(version: string): string {
  const module = pathToFileURL(join(projectRoot, "ops", "setup", "node-version.mjs")).href;
  const code = `import(${JSON.stringify(module)}).then((m) => console.log(m.complaintAboutNode("${version}") ?? "fine"))`;
  return execFileSync(process.execPath, ["-e", code], { encoding: "utf8" }).trim();
}

test("an old Node is told which one is needed, and a new one is let through", () => {
  expect(complaint("18.20.1")).toContain("20.19 or later is needed, 22 is recommended");
  expect(complaint("20.18.9")).toContain("too old");
  expect(complaint("20.19.0")).toBe("fine");
  expect(complaint("24.1.0")).toBe("fine");
});
