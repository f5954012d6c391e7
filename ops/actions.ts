import { Argument, type Command } from "commander";
import { OperatorError } from "../infra/support";

/** Makes a command of several actions, whose first argument says which and whose second what it is about. */
export function takeActions<Name extends string>(
  command: Command,
  help: Record<Name, string>,
  subject: { key: string; help: string },
): Command {
  const names = Object.keys(help) as Name[];
  const list = names.map((name) => `${name}: ${help[name]}`).join("\n");
  return command
    .addArgument(new Argument("<action>", list).choices(names))
    .argument(`[${subject.key}]`, subject.help)
    .action((action: string, given: string | undefined) => {
      command.setOptionValue("action", action);
      if (given !== undefined) command.setOptionValue(subject.key, given);
    });
}

/** Which actions an option belongs to; those that are not here belong to all. */
export type Belongs<Options extends { action: string }> = Partial<
  Record<keyof Options, readonly Options["action"][]>
>;

/** The first option that means nothing to the action, in words: whoever wrote it expects something else. */
export function strayOption<Options extends { action: string }>(
  options: Options,
  belongs: Belongs<Options>,
  subject: keyof Options,
): string | undefined {
  const wrong = (Object.keys(belongs) as (keyof Options & string)[]).find(
    (option) => options[option] !== undefined && !belongs[option]?.includes(options.action),
  );
  if (wrong === undefined) return undefined;
  const named = wrong === subject ? `\`${String(options[subject])}\`` : flagOf(wrong);
  return `${named} means nothing to ${options.action}`;
}

/** An error of wrong usage that points to the help of a command. */
export function usageOf(command: string): (message: string) => OperatorError {
  return (message) =>
    new OperatorError({
      code: "usage",
      kind: "usage",
      message,
      remedy: `\`dnd ${command} --help\` shows the actions and their options.`,
    });
}

/** An option as it is typed. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
