import type { Settings } from "../../../stacks/settings";
import type { Finding } from "../finding";
import { examineAtlas } from "./atlas";
import { examineAws } from "./aws";
import { examineFly } from "./fly";
import { examineReach } from "./reach";
import { cloudTraps } from "./traps";

/** Whether a stack in the cloud could be brought up: who may what, what is left of each quota, which names are free. Changes nothing. */
export async function examineCloud(
  stack: string,
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finding[]> {
  if (settings.database.kind === "embedded") return [];
  const atlas = settings.database.kind === "atlas" ? settings.database : undefined;
  const looked = await Promise.all([
    examineFly(settings.app, env),
    atlas ? examineAtlas(settings, atlas, env) : [],
    atlas ? examineAws(settings, env) : [],
    examineReach(settings, env),
  ]);
  return [...looked.flat(), ...cloudTraps(stack, settings)];
}
