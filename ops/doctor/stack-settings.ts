import { messageOf } from "../../infra/support";
import { SettingsError, type Settings } from "../../stacks/settings";
import { judgeSettings, readStackFile } from "../stack-settings";
import { missing, ok, type Finding } from "./finding";
import { settingTraps, type RawSettings } from "./setting-traps";

export interface ExaminedSettings {
  findings: Finding[];
  /** Undefined where they are wrong. */
  settings: Settings | undefined;
}

/** Reads a stack's settings without decrypting anything, names every wrong one, and the traps among the right ones. */
export async function examineSettings(stack: string, file: string): Promise<ExaminedSettings> {
  let config: Record<string, unknown>;
  try {
    config = await readStackFile(file);
  } catch (error) {
    const finding = missing("settings", messageOf(error).split("\n")[0] ?? file, `Mend or make ${file}.`);
    return { findings: [finding], settings: undefined };
  }
  const traps = settingTraps(groupsOf(config));
  try {
    const settings = judgeSettings(config, stack);
    return { findings: [ok("settings", `${stack}: ${settings.environment}, all valid`), ...traps], settings };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const wrong = error.problems.map(({ key, value, allowed }) =>
      missing(key, value, `Allowed: ${allowed}. Mend it in ${file}.`),
    );
    return { findings: [...wrong, ...traps], settings: undefined };
  }
}

function groupsOf(config: Record<string, unknown>): RawSettings {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.split(":")[1] ?? key, value]));
}
