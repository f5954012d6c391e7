import { dirname } from "node:path";
import { addExamples, type CommandModule, type CommonOptions } from "../command";
import { findPulumi, isOlder } from "../engine";
import { resolvePlace } from "../stack-place";
import { printResult } from "../terminal";

export const { define, perform }: CommandModule = {
  define(command) {
    addExamples(command, ['eval "$(npx --no dnd env)"   # then: pulumi preview', "dnd env --json"]);
  },
  async perform({ stack }: CommonOptions, terminal) {
    const place = await resolvePlace({ stack });
    const variables: Record<string, string> = { PULUMI_STACK: place.stack };
    if (place.backendUrl) variables.PULUMI_BACKEND_URL = place.backendUrl;
    if (place.passphraseFile) variables.PULUMI_CONFIG_PASSPHRASE_FILE = place.passphraseFile;
    // Every option of Pulumi's CLI can be given so since 3.208.
    if (place.configFile) variables.PULUMI_OPTION_CONFIG_FILE = place.configFile;
    if (process.env.DND_DIR) variables.DND_DIR = process.env.DND_DIR;
    const remarks = await remarksOnPulumi(variables);
    for (const remark of remarks) terminal.say(`# ${remark}`);
    printResult(terminal, variables, () => Object.entries(variables).map(exportLine).join("\n"));
    return 0;
  },
};

/** Puts a CLI that only the launcher knows on PATH, and tells what a shell with these variables cannot do. */
async function remarksOnPulumi(variables: Record<string, string>): Promise<string[]> {
  const { found, ...search } = await findPulumi();
  if (!found)
    return [`${"reason" in search ? search.reason : "no pulumi"}: install the Pulumi CLI to use these lines`];
  const onPath = (process.env.PATH ?? "").split(":").includes(dirname(found.path));
  if (!onPath) variables.PATH = `${dirname(found.path)}:${process.env.PATH ?? ""}`;
  if (variables.PULUMI_OPTION_CONFIG_FILE && isOlder(found.version, "3.208.0")) {
    return [
      `pulumi ${found.version} needs --config-file "$PULUMI_OPTION_CONFIG_FILE" behind up, preview, refresh and destroy`,
    ];
  }
  return [];
}

function exportLine([name, value]: [string, string]): string {
  return `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
}
