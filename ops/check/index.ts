import { writeFile } from "node:fs/promises";
import { junitOf, runGates, type PreflightReport } from "../../infra/engines/preflight";
import { messageOf, OperatorError } from "../../infra/support";
import { usageOf } from "../actions";
import { Interruption } from "../engine";
import type { DatabaseOptions } from "../named-database";
import { printResult, type Terminal } from "../terminal";
import { proveCommit } from "./prove";
import { reportText } from "./text";
import { neighbours } from "./neighbours";
import { wishesOf } from "./wishes";

export interface CheckOptions extends DatabaseOptions {
  strict: boolean;
  junit?: string;
  prove?: boolean;
  skipTests?: string;
  key?: string;
}

const wrong = usageOf("check");

/** Looks at the gates of the next release, or proves the commit; exit code 3 where a release would be refused. */
export async function check(options: CheckOptions, terminal: Terminal): Promise<number> {
  requireFitting(options);
  if (options.prove || options.skipTests !== undefined) return proveCommit(options, terminal);
  const interruption = new Interruption(terminal.say);
  try {
    const wishes = await wishesOf(options, options.strict);
    const { signal } = interruption;
    const report = await runGates(wishes, neighbours(), { signal, progress: () => undefined });
    if (options.junit !== undefined) await writeJunit(options.junit, report);
    printResult(terminal, report, () => reportText(report));
    return report.ok ? 0 : 3;
  } finally {
    interruption.release();
  }
}

async function writeJunit(file: string, report: PreflightReport): Promise<void> {
  try {
    await writeFile(file, junitOf(report));
  } catch (error) {
    throw new OperatorError({
      code: "junit-not-written",
      message: `the report could not be written: ${messageOf(error)}`,
      remedy: "Give --junit a file in a folder that is there and yours.",
      cause: error,
    });
  }
}

function requireFitting({ prove, skipTests, key, junit, strict }: CheckOptions): void {
  const proving = prove === true || skipTests !== undefined;
  if (skipTests?.trim() === "") throw wrong("--skip-tests wants a reason");
  if (prove === true && skipTests !== undefined)
    throw wrong("--prove runs what --skip-tests leaves out: give one of them");
  if (key !== undefined && !proving) throw wrong("--key belongs to --prove and --skip-tests");
  if (proving && (junit !== undefined || strict))
    throw wrong("--junit and --strict belong to the checklist alone");
}
