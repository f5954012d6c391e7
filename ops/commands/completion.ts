import { Argument } from "commander";
import { addExamples, type CommandModule, type CommonOptions } from "../command";
import { printResult } from "../terminal";

interface Options extends CommonOptions {
  shell: "bash" | "zsh" | "fish";
}

export const { define, perform }: CommandModule<Options> = {
  define(command) {
    command
      .addArgument(new Argument("<shell>", "for which the script is").choices(["bash", "zsh", "fish"]))
      .action((shell: Options["shell"]) => void command.setOptionValue("shell", shell));
    addExamples(command, [
      'eval "$(dnd completion bash)"',
      'eval "$(dnd completion zsh)"',
      "dnd completion fish | source",
    ]);
  },
  async perform({ shell }, terminal) {
    const { shells } = require("../completion/shells") as typeof import("../completion/shells");
    const { commandWords } = require("../completion/words") as typeof import("../completion/words");
    const script = shells[shell](commandWords());
    printResult(terminal, { shell, script }, () => script);
    return 0;
  },
};
