import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { OperatorError, projectRoot } from "../../infra/support";
import { printResult, type Terminal } from "../terminal";
import { usage, type MigrateOptions } from "./options";
import { folderOf } from "./place";

/** Makes a file that compiles, and is later than every other. */
export async function makeNew(options: MigrateOptions, terminal: Terminal): Promise<number> {
  const name = options.name ?? "";
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  if (slug === "") throw usage(`a name of letters and digits is wanted, not ${JSON.stringify(name)}`);
  const folder = folderOf(options);
  const version = nextVersion(folder);
  const file = join(folder, `${version}-${slug}.ts`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, textOf(version, name.trim(), folder), { flag: "wx" });
  } catch (error) {
    throw notWritten(file, error);
  }
  printResult(terminal, { version, file }, () => `made ${relative(process.cwd(), file)}`);
  return 0;
}

/** The present second, or the one after the newest migration where that is later. */
function nextVersion(folder: string): string {
  const newest = (existsSync(folder) ? readdirSync(folder) : [])
    .map((file) => /^\d{14}/.exec(file)?.[0] ?? "")
    .sort()
    .at(-1);
  const now = versionOf(new Date());
  if (!newest || newest < now) return now;
  const iso = newest.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z");
  return versionOf(new Date(Date.parse(iso) + 1000));
}

function versionOf(time: Date): string {
  return time.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}

function textOf(version: string, description: string, folder: string): string {
  const engine = relative(folder, join(projectRoot, "infra", "engines", "migration")).replaceAll("\\", "/");
  return `import type { Migration } from "${engine}";

const migration: Migration = {
  version: "${version}",
  description: ${JSON.stringify(description)},
  async up({ log }) {
    log("nothing to change yet");
  },
  async down({ log }) {
    log("nothing to take back yet");
  },
};

export default migration;
`;
}

function notWritten(file: string, error: unknown): OperatorError {
  return new OperatorError({
    code: "migration-not-written",
    message: `${file} could not be written`,
    remedy: "Make room, or give yourself the right to that folder, and run the command again.",
    cause: error,
  });
}
