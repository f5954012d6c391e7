import { resolve } from "node:path";
import type { AppSettings } from "../../stacks/app-settings";
import type { FlyOptions } from "./options";

/** The app's settings of the stack that the command names, or of the file that it gives. */
export async function appSettingsOf({ stack, configFile }: FlyOptions): Promise<AppSettings> {
  const { judgeSettings, readStackFile, settingsOf } =
    require("../stack-settings") as typeof import("../stack-settings");
  const settings =
    configFile === undefined
      ? await settingsOf(stack)
      : judgeSettings(await readStackFile(resolve(configFile)));
  return settings.app;
}
