#!/usr/bin/env node
"use strict";
// The list of commands is plain JavaScript and JSON, so that help answers before TypeScript is loaded.
require("node:module").enableCompileCache?.();
const { Command } = require("commander");
const { description, version } = require("../package.json");
const commands = require("./commands.json");

// Node complains in each process that is started from here where both words about colour are set: no means no.
if (process.env.NO_COLOR) delete process.env.FORCE_COLOR;
else delete process.env.NO_COLOR;

// A reader that goes away (`dnd history | head`) is no failure, and must not end an operation.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const given = process.argv.slice(2);
const argv = given[0] === "help" && given[1] ? [given[1], "--help"] : given;
const wanted = argv.find((word) => !word.startsWith("-"));

if (commands.some(({ name }) => name === wanted) && argv[0] === wanted) {
  if (wanted === "monitor") require("./monitor/small-heap.cjs");
  const { leaveMaps } = require("../infra/support/typescript.cjs");
  if (wanted === "monitor") leaveMaps();
  require("./main.ts").run(wanted, argv);
} else {
  answerAlone();
}

/** Help, version and everything that names no command. */
function answerAlone() {
  const program = new Command("dnd").description(description).version(version, "-V, --version");
  for (const { name, summary } of commands) program.command(name).description(summary);
  program.addHelpText("after", () => "\n`dnd COMMAND --help` shows a command's options and examples.");
  program.showHelpAfterError("`dnd --help` lists the commands.");
  program.exitOverride();
  try {
    if (argv.length === 0) program.help();
    program.parse(argv, { from: "user" });
    if (wanted) program.error(`error: options stand behind the command: dnd ${wanted} ...`);
  } catch (error) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}
