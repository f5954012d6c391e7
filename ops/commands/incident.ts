import { takeActions } from "../actions";
import { addExamples, type CommandModule } from "../command";
import type { ActionName, IncidentOptions } from "../incident";

const help: Record<ActionName, string> = {
  start: "begin one, with a title",
  status: "the clock, the guided path and the timeline of the open one",
  note: "add a line to the timeline",
  step: "do the next step of the guided path, or the one that is named",
  close: "end it, and write the skeleton of its post-mortem",
  list: "all of them",
};

export const { define, perform }: CommandModule<IncidentOptions> = {
  define(command) {
    takeActions(command, help, { key: "text", help: "a title, a note, the name of a step, or how it ended" })
      .option("--kind <kind>", "start: deployment, database, corruption, migration or other")
      .option("--id <number>", "which one; the newest open one unless given", Number)
      .option("--backup <id>", "step: the archive that data comes back from")
      .option("--output <file>", "status, close: where the post-mortem goes")
      .option("--uri <uri>", "a database that no stack describes; with a password better in MONGODB_URI")
      .option("--db <name>", "its name; MONGODB_DB_NAME unless given");
    addExamples(command, [
      "dnd incident start 'logins fail since the release' --kind deployment --stack production",
      "dnd incident status",
      "dnd incident note 'the log says: no such index'",
      "dnd incident step",
      "dnd incident close 'rolled back to release 12'",
    ]);
  },
  perform(options, terminal) {
    const { incident } = require("../incident") as typeof import("../incident");
    return incident(options, terminal);
  },
};
