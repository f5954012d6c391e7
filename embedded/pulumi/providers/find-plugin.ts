import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { OperatorError } from "../../../infra/support";

export interface FoundPlugin {
  file: string;
}

/** Where the plugin of a package lies: on PATH, or in the Pulumi home as `pulumi plugin install` puts it. */
export function findPlugin(name: string, version: string | undefined, env: NodeJS.ProcessEnv): FoundPlugin {
  const program = `pulumi-resource-${name}`;
  const onPath = (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isProgram);
  if (onPath) return { file: onPath };
  const home = join(env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
  const installed = version
    ? join(home, `resource-${name}-v${version.replace(/^v/, "")}`)
    : newestIn(home, name);
  const file = installed && join(installed, program);
  if (file && isProgram(file)) return { file };
  throw missing(name, version, home);
}

function newestIn(home: string, name: string): string | undefined {
  if (!existsSync(home)) return undefined;
  const prefix = `resource-${name}-v`;
  const versions = readdirSync(home).filter(
    (entry) => entry.startsWith(prefix) && !/\.(lock|partial)$/.test(entry),
  );
  const newest = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  return newest && join(home, newest);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missing(name: string, version: string | undefined, home: string): OperatorError {
  return new OperatorError({
    code: "plugin-missing",
    message: `the plugin pulumi-resource-${name}${version ? ` ${version}` : ""} is neither on PATH nor in ${home}`,
    remedy: `Install it with \`pulumi plugin install resource ${name}${version ? ` ${version}` : ""}\`.`,
    kind: "usage",
  });
}
