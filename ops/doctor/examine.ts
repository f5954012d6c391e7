import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import { localPlaces, localStackName } from "../local-stack";
import { type Finding } from "./finding";
import { flyTraps } from "./fly-traps";
import { examineLocalFolder } from "./local-folder";
import { committedSettings, examineSettings } from "./stack-settings";
import { examineTools } from "./tools";

const flyFiles = ["fly.toml", "fly.staging.toml", "fly.production.toml"];

/** Looks at everything that a stack needs, and changes nothing. */
export async function examine(stack: string): Promise<Finding[]> {
  const local = stack === localStackName;
  const places = localPlaces();
  const own = local && (await exists(places.settings)) ? places.settings : committedSettings(stack);
  const [tools, folder, { findings: settings }, fly] = await Promise.all([
    examineTools(),
    local ? examineLocalFolder(places) : [],
    examineSettings(stack, own),
    examineFlyFiles(),
  ]);
  return [...tools, ...folder, ...settings, ...fly];
}

async function examineFlyFiles(): Promise<Finding[]> {
  const found = await Promise.all(
    flyFiles.map(async (file) => {
      const text = await readFile(join(projectRoot, file), "utf8").catch(() => undefined);
      return text === undefined ? [] : flyTraps(file, text);
    }),
  );
  return found.flat();
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
