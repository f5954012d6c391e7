import { Command, CommanderError } from "commander";
import type { CommandModule } from "./command";
import summaries from "./commands.json";
import { openTerminal, reportFailure, type Terminal } from "./terminal";

/** Runs one command, whose module alone is loaded, and leaves its exit code for the process. */
export async function run(name: string, argv: string[]): Promise<void> {
  const terminal = openTerminal(argv.includes("--json"));
  try {
    process.exitCode = await perform(name, argv.slice(1), terminal);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageCode(error) : reportFailure(terminal, error);
  }
}

async function perform(name: string, argv: string[], terminal: Terminal): Promise<number> {
  const module = require(`./commands/${name}`) as CommandModule;
  const summary = summaries.find((command) => command.name === name)?.summary ?? "";
  const command = new Command(`dnd ${name}`)
    .description(summary)
    .option("-s, --stack <name>", "the stack", "local")
    .option("--json", "one JSON document on standard output, progress on standard error", false)
    .option("-y, --yes", "confirm what would be asked", false)
    .allowExcessArguments(false)
    .showHelpAfterError(`\`dnd ${name} --help\` shows the options.`)
    .exitOverride();
  module.define(command);
  command.parse(argv, { from: "user" });
  return module.perform(command.opts(), terminal);
}

/** Commander has said what was wrong, or has shown the help. */
function usageCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}
