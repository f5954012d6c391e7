import { z } from "zod";
import { OperatorError, type Progress } from "../../infra/support";
import {
  downloadPulumi,
  findPulumi,
  hasChanges,
  type OperationResult,
  type StackEngine,
  type StackPlace,
} from "../engine";
import { ensureLocalStack, localPlaces } from "../local-stack";
import { Steps } from "../terminal";
import { awaitAnswer } from "./answer";
import { countsOf, requireSuccess } from "./follow";
import { operate } from "./operate";
import { engineFor, oneAtATime, type LocalRun } from "./local-run";

const lockWaitMs = 10 * 60_000;

/** What `npm start` ends with. */
export interface RunningStack {
  changed: boolean;
  url: string;
  dashboardUrl: string;
  databaseName: string;
  operation: OperationResult;
}

const addresses = z.looseObject({ url: z.url(), dashboardUrl: z.url(), databaseName: z.string() });

/** Brings up the local stack with all it needs; run again it finds everything there. */
export function bringUp(run: LocalRun): Promise<RunningStack> {
  return oneAtATime(run, "npm start", lockWaitMs, async () => {
    const steps = new Steps(run.terminal);
    const { signal } = run.interruption;
    const place = await steps.run(
      "local stack",
      () => ensureLocalStack(),
      () => localPlaces().folder,
    );
    const { engine } = await steps.run(
      "engine",
      () => engineWithDownload(run),
      ({ told }) => told,
    );
    await steps.run("mongod", mongodBinary, ({ version, source }) => `${version} (${source})`);
    signal.throwIfAborted();
    const operation = await steps.run("up", (progress) => up(run, engine, place, progress), countsOf);
    const { url, dashboardUrl, databaseName } = readAddresses(operation);
    await steps.run(
      "addresses",
      () => Promise.all([url, dashboardUrl].map((address) => awaitAnswer(address, signal))),
      () => "they answer",
    );
    return { changed: hasChanges(operation), url, dashboardUrl, databaseName, operation };
  });
}

/** Only here Pulumi's launcher is asked for the CLI: no other command downloads anything. */
async function engineWithDownload(run: LocalRun) {
  if (run.wanted !== "auto" || (await findPulumi(run.interruption.kill)).found) return engineFor(run);
  const download = await downloadPulumi(run.interruption.signal);
  const chosen = await engineFor(run);
  return download.found ? chosen : { ...chosen, told: `embedded: ${download.reason}` };
}

async function up(
  run: LocalRun,
  engine: StackEngine,
  place: StackPlace,
  progress: Progress,
): Promise<OperationResult> {
  return requireSuccess(await operate(run, engine, "up", place, progress), "npm start");
}

function mongodBinary(progress: Progress) {
  const { ensureMongodBinary } =
    require("../../infra/drivers/mongod") as typeof import("../../infra/drivers/mongod");
  return ensureMongodBinary(progress);
}

function readAddresses(operation: OperationResult): z.infer<typeof addresses> {
  const parsed = addresses.safeParse(operation.outputs);
  if (parsed.success) return parsed.data;
  throw new OperatorError({
    code: "outputs-missing",
    message: `the stack is up and does not say where: ${z.prettifyError(parsed.error)}`,
    remedy: "`dnd outputs` shows what it says; is stacks/index.ts changed?",
  });
}
