import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import { glanceAtCheckpoint, localPlaces, localStackName } from "../local-stack";
import { examineCloud } from "./cloud";
import { type Finding } from "./finding";
import { flyTraps } from "./fly-traps";
import { examineHistory } from "./history";
import { examineLocalFolder } from "./local-folder";
import { examineRunning } from "./running";
import { namedAddress } from "../named-database";
import { committedSettings } from "../stack-settings";
import { examineSettings } from "./stack-settings";
import { examineStores } from "./stores";
import { examineTools } from "./tools";

const flyFiles = ["fly.toml", "fly.staging.toml", "fly.production.toml"];

/** Looks at everything that a stack needs, and leaves it as it was. */
export async function examine(stack: string): Promise<Finding[]> {
  const [tools, rest, fly] = await Promise.all([
    examineTools(),
    stack === localStackName ? examineLocal() : examineShared(stack),
    examineFlyFiles(),
  ]);
  return [...tools, ...rest, ...fly];
}

async function examineShared(stack: string): Promise<Finding[]> {
  const { findings, settings } = await examineSettings(stack, committedSettings(stack));
  if (!settings) return findings;
  // A bucket that the stack makes has rights and a name of its own to be looked at.
  const own = settings.database.kind === "atlas";
  const uri = settings.database.kind === "uri" ? process.env.MONGODB_URI : undefined;
  const [stores, cloud, history] = await Promise.all([
    own ? [] : examineStores(settings.backup),
    examineCloud(stack, settings),
    uri ? examineHistory(namedAddress(uri, settings.database.name), settings.backup) : [],
  ]);
  return [...findings, ...stores, ...cloud, ...history];
}

async function examineLocal(): Promise<Finding[]> {
  const places = localPlaces();
  const own = existsSync(places.settings) ? places.settings : places.committed;
  const [folder, { findings, settings }] = await Promise.all([
    examineLocalFolder(places),
    examineSettings(localStackName, own),
  ]);
  if (!settings) return [...folder, ...findings];
  const { resources } = await glanceAtCheckpoint(places);
  const [stores, running] = await Promise.all([
    examineStores(settings.backup),
    examineRunning(settings, resources > 0),
  ]);
  return [...folder, ...findings, ...stores, ...running];
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
