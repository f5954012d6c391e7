import summaries from "../commands.json";
import { defineCommand } from "../perform-command";

/** What may follow `dnd`, and what may follow each command. */
export interface CommandWords {
  name: string;
  summary: string;
  /** Its options, long ones alone. */
  options: { flag: string; help: string }[];
  /** The first word behind it, where there are only so many. */
  actions: string[];
}

/** The words of every command, by its own definition. */
export function commandWords(): CommandWords[] {
  return summaries.map(({ name, summary }) => {
    const { command } = defineCommand(name);
    const [first] = command.registeredArguments;
    return {
      name,
      summary,
      options: command.options.flatMap(({ long, description }) =>
        long ? [{ flag: long, help: description }] : [],
      ),
      actions: [...(first?.argChoices ?? [])],
    };
  });
}
