import type { Command } from "commander";
import type { Terminal } from "./terminal";

/** What every command is given beside its own options. */
export interface CommonOptions {
  stack: string;
  json: boolean;
  yes: boolean;
}

/** A command of `dnd`: its options and examples, and what it does; its result is the exit code. */
export interface CommandModule<Options extends CommonOptions = CommonOptions> {
  define(command: Command): void;
  perform(options: Options, terminal: Terminal): Promise<number>;
}

/** For an option that may be repeated. */
export function collected(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** The examples at the end of a command's help. */
export function addExamples(command: Command, lines: readonly string[]): void {
  command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`);
}
