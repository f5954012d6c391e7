import { Argument, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../infra/support";
import { addExamples, collected, type CommandModule } from "../command";
import type { FlyOptions } from "../fly";

export const { define, perform }: CommandModule<FlyOptions> = {
  define(command) {
    command
      .addArgument(
        new Argument(
          "<action>",
          "stand-in: serve Fly's API here until Ctrl-C; toml: write the fly.toml of the settings; volumes: list or destroy them; run: a command on a machine of its own",
        ).choices(["stand-in", "toml", "volumes", "run"]),
      )
      .argument("[words...]", "of volumes: list, or destroy and an id; of run: the command, behind --")
      .option("--config-file <file>", "settings other than the stack's own file")
      .option("--app <name>", "of volumes and run: an app other than that of the settings")
      .option("--group <name>", "of run: the group of machines whose settings the command gets")
      .addOption(
        new Option(
          "--as <role>",
          "of run: the user of the stack's database that the command logs in as, by MONGODB_URI",
        ).choices(["app", "migration", "backup"]),
      )
      .option("--timeout <time>", "of run: how long the command may take", timeOf, 30 * 60_000)
      .option("--port <port>", "where it listens, on 127.0.0.1", wholeNumber, 4280)
      .option(
        "--image <name=command>",
        "what machines of an image run; without any, every image is the reference app; of run: the image",
        collected,
        [],
      )
      .option(
        "--env <name=value>",
        "a variable of all that the machines run; of run: of the command",
        collected,
        [],
      )
      .option(
        "--app-port <name=port>",
        "the port of an app's address; any free one unless given",
        collected,
        [],
      )
      .option(
        "--paper",
        "machines run on paper only: they start, pass their checks and answer nothing",
        false,
      )
      .option("--no-rate-limits", "take more requests than Fly publishes that it does")
      .option("--reply-ms <n>", "how long each answer takes", wholeNumber, 0)
      .option("--token <token>", "the only token that is taken; any unless given")
      .option("--organization <slug>", "an organization that there is; any unless given", collected, [])
      .action((action: string, words: string[]) => {
        command.setOptionValue("action", action);
        command.setOptionValue("words", words);
      });
    addExamples(command, [
      "dnd fly stand-in",
      "dnd fly stand-in --paper --reply-ms 80",
      "dnd fly stand-in --env MONGODB_URI=mongodb://127.0.0.1:27017 --app-port tracker=8080",
      'dnd fly stand-in --port 0 --image "registry.fly.io/web:v1=node server.js" --json',
      "dnd fly toml --stack staging > fly.toml",
      "dnd fly volumes list --app tracker",
      "dnd fly run --image registry.fly.io/tools:v1 --json -- dnd migrate status --json",
      "dnd fly run --stack production --as migration -- node /dnd/ops/dnd.cjs migrate up --stack production --yes",
      "dnd fly volumes destroy vol_4qzx3g9m1kpr2y7d --app tracker",
    ]);
  },
  perform(options, terminal) {
    const { run, standIn, toml, volumes } = require("../fly") as typeof import("../fly");
    const actions = { "stand-in": standIn, toml, volumes, run };
    return actions[options.action](options, terminal);
  },
};

function timeOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError("a time such as 90s, 5m or 1h is expected");
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It has to be a whole number.");
}
