import { Command } from "commander";
import { changes } from "./audit/changing";
import type { CommandModule, CommonOptions } from "./command";
import summaries from "./commands.json";
import { takeGuidesVariables } from "./guides-variables";
import type { Terminal } from "./terminal";

/** A command as it was typed: its name and what stands behind it. */
export interface Typed {
  name: string;
  argv: readonly string[];
}

/** Reads the options of a command, whose module alone is loaded, and performs it. */
export async function performCommand({ name, argv }: Typed, terminal: Terminal): Promise<number> {
  const { module, options } = parseCommand({ name, argv });
  return module.perform(options, terminal);
}

/** The same, written down in the audit where it can change something. */
export async function performAudited({ name, argv }: Typed, terminal: Terminal): Promise<number> {
  const { module, options } = parseCommand({ name, argv });
  if (!changes(name, options)) return module.perform(options, terminal);
  const { audited } = require("./audit") as typeof import("./audit");
  return audited({ name, argv, options }, () => module.perform(options, terminal));
}

/** A command with its help and options, before any word was read. */
export function defineCommand(name: string): { module: CommandModule; command: Command } {
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
  return { module, command };
}

function parseCommand({ name, argv }: Typed): { module: CommandModule; options: CommonOptions } {
  const { module, command } = defineCommand(name);
  command.parse([...argv], { from: "user" });
  const options = command.opts<CommonOptions>();
  takeGuidesVariables(options.stack);
  return { module, options };
}
