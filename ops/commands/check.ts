import { addExamples, type CommandModule } from "../command";
import type { CheckOptions } from "../check";

export const { define, perform }: CommandModule<CheckOptions> = {
  define(command) {
    command
      .option("--strict", "warnings refuse, too, where they say so; always so in production", false)
      .option("--junit <file>", "write the report as JUnit XML, too")
      .option("--prove", "run build, lint, types, tests and audit once, and keep the proof for this commit")
      .option("--skip-tests <reason>", "let this commit pass without a proof, with your name and reason")
      .option("--key <file>", "--prove, --skip-tests: sign with this SSH key; DND_PROOF_KEY unless given")
      .option("--config-file <file>", "the stack's settings, where not in Pulumi.<stack>.yaml")
      .addHelpText("after", "\nExit code 3: a release would be refused.");
    addExamples(command, [
      "dnd check",
      "dnd check --stack production --strict --junit preflight.xml",
      "dnd check --prove",
      'dnd check --skip-tests "the login is down, the fix was tried by hand"',
    ]);
  },
  perform(options, terminal) {
    const { check } = require("../check") as typeof import("../check");
    return check(options, terminal);
  },
};
