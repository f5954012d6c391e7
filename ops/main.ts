import { CommanderError } from "commander";
import { performAudited } from "./perform-command";
import { openTerminal, reportFailure } from "./terminal";

/** Runs one command, whose module alone is loaded, and leaves its exit code for the process. */
export async function run(name: string, argv: string[]): Promise<void> {
  const terminal = openTerminal(argv.includes("--json"));
  try {
    process.exitCode = await performAudited({ name, argv: argv.slice(1) }, terminal);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageCode(error) : reportFailure(terminal, error);
  }
}

/** Commander has said what was wrong, or has shown the help. */
function usageCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}
