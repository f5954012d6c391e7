import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import { monitoringApi } from "../../infra/engines/monitoring";
import { DeploymentManager } from "../../ops/deployment";

const monitoringPath = "/api/monitoring/deployment";
const page = readFileSync(join(projectRoot, "docs", "api.md"), "utf8");
const documented = new Set(
  [...page.matchAll(/`(?:GET |POST )?(\/[\w/:.-]+)`/g)].map(([, path = ""]) => path),
);

/** The paths that the sources of the app route by. */
function routed(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [
      ...readFileSync(join(projectRoot, folder, name), "utf8").matchAll(/path: "(\/api\/[\w/:.-]+)"/g),
    ])
    .map(([, path = ""]) => path);
}

test("every endpoint of the app stands in docs/api.md", () => {
  const paths = routed("app");
  expect(paths.length).toBeGreaterThan(8);
  for (const path of [...paths, monitoringPath]) expect(documented).toContain(path);
});

test("every parameter and action of the monitoring API stands in docs/api.md, and every one there is one", async () => {
  const { [monitoringPath]: handle } = monitoringApi({ ops: undefined as never, environment: "staging" });
  const [, table = ""] = /GET \/api\/monitoring\/deployment` takes\n\n([\s\S]*?)\n\n/.exec(page) ?? [];
  const parameters = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
  expect(parameters).toEqual(["action", "environment", "since", "until", "name", "limit", "format"]);
  // What is wrong in each is refused by its name: so each is one that is read.
  for (const name of parameters) {
    const answer = await handle?.(new Request(`http://app${monitoringPath}?${name}=%00`));
    expect({ name, status: answer?.status }).toEqual({ name, status: 400 });
    expect(JSON.stringify(await answer?.json())).toContain(name);
  }
});

test("every method and option of DeploymentManager stands in docs/api.md, and every one there is one", () => {
  const [, inCode = ""] = page.split("\n## In code\n");
  const [, methods = "", options = ""] = inCode.split(/^\| (?:method|option) .*$/m);
  const named = (table: string) => [...table.matchAll(/^\| `(\w+)/gm)].map(([, name = ""]) => name);
  const manager = new DeploymentManager({ environment: "development" });
  for (const name of named(methods))
    expect([name, typeof Reflect.get(manager, name)]).toEqual([name, "function"]);
  const guides = ["deploy", "validatePreDeployment", "createBackup", "runMigrations", "deployToFlyio"];
  expect(named(methods)).toEqual([...guides, "verifyDeployment", "rollback", "abort"]);
  const source = readFileSync(join(projectRoot, "ops", "deployment", "options.ts"), "utf8");
  const [, config = ""] = /export interface DeploymentConfig \{([\s\S]*?)\n\}/.exec(source) ?? [];
  expect(named(options)).toEqual([...config.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = ""]) => name));
});
