import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "../../ops/perform-command";
import { takeGuidesVariables } from "../../ops/guides-variables";
import { projectRoot } from "../../infra/support";
import { configFiles } from "../../stacks/config-files";
import { scripts } from "../../package.json";
import api from "./names.json";

/** Everything that people type, set and call, which no change may rename: the table that this walks is names.json. */
const { commands, npmScripts, variables, files, endpoints } = api;

test.each(Object.entries(commands))("`dnd %s` keeps its words", (name, { actions = [], options = [] }) => {
  const { command } = defineCommand(name);
  const flags = command.options.map(({ long }) => long);
  expect(flags).toEqual(expect.arrayContaining(["--stack", "--json", "--yes", ...options]));
  expect([...(command.registeredArguments[0]?.argChoices ?? [])]).toEqual(expect.arrayContaining(actions));
});

test("every npm script of the guides is one", () => {
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(npmScripts));
});

test("every file of the guides is there, or is written by a command", () => {
  const written = ["development", "staging", "production"].flatMap((one) =>
    Object.values(configFiles(one, ".")),
  );
  for (const file of files)
    expect({ file, known: existsSync(join(projectRoot, file)) || written.includes(file) }).toEqual({
      file,
      known: true,
    });
});

test("every variable of the guides is read somewhere", () => {
  const sources = ["infra", "ops", "stacks", "app", "scripts", "components"].flatMap(filesIn).join("\n");
  const silent = variables.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources));
  expect(silent).toEqual([]);
});

test("an address of the guides for one environment is that of its stack, and the plain name stands above it", () => {
  const env = { MONGODB_URI_STAGING: "mongodb://there", AWS_S3_BACKUP_BUCKET: "heroes" };
  const of = (stack: string, given: NodeJS.ProcessEnv) => {
    const taken = { ...given };
    takeGuidesVariables(stack, taken);
    return taken;
  };
  expect(of("staging", env)).toMatchObject({ MONGODB_URI: "mongodb://there", S3_BUCKET: "heroes" });
  expect(of("production", env).MONGODB_URI).toBeUndefined();
  expect(of("staging", { ...env, MONGODB_URI: "mongodb://here" }).MONGODB_URI).toBe("mongodb://here");
});

test("every endpoint of the guides stands in the reference of the API", () => {
  const page = readFileSync(join(projectRoot, "docs", "api.md"), "utf8");
  for (const path of endpoints) expect(page).toContain(path);
});

function filesIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|cjs|mjs|sh)$/.test(name))
    .map((name) => readFileSync(join(projectRoot, folder, name), "utf8"));
}
