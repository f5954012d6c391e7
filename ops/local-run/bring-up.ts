import { z } from "zod";
import { withFileLock } from "../../infra/drivers/files";
import { OperatorError } from "../../infra/support";
import { downloadPulumi, findPulumi, hasChanges, type OperationResult, type StackPlace } from "../engine";
import { ensureLocalStack, localPlaces, onDisk } from "../local-stack";
import { Steps } from "../terminal";
import { awaitAnswer } from "./answer";
import { countsOf, follow, requireSuccess } from "./follow";
import { engineFor, type LocalRun } from "./local-run";

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
export async function bringUp(run: LocalRun): Promise<RunningStack> {
  const { startLock, folder } = localPlaces();
  return onDisk(folder, () =>
    withFileLock(startLock, { what: "npm start", waitMs: lockWaitMs }, async () => {
      const steps = new Steps(run.terminal);
      const place = await steps.run(
        "local stack",
        () => ensureLocalStack(),
        () => folder,
      );
      const { engine } = await steps.run(
        "engine",
        () => engineWithDownload(run),
        ({ told }) => told,
      );
      await steps.run("mongod", mongodBinary, ({ version, source }) => `${version} (${source})`);
      run.interruption.signal.throwIfAborted();
      const operation = await steps.run(
        "up",
        (progress) => up(run, engine, place, follow(run.terminal, progress)),
        countsOf,
      );
      const { url, dashboardUrl, databaseName } = readAddresses(operation);
      const answers = () =>
        Promise.all([url, dashboardUrl].map((address) => awaitAnswer(address, run.interruption.signal)));
      await steps.run("addresses", answers, () => "they answer");
      return { changed: hasChanges(operation), url, dashboardUrl, databaseName, operation };
    }),
  );
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
  engine: Awaited<ReturnType<typeof engineFor>>["engine"],
  place: StackPlace,
  onEvent: ReturnType<typeof follow>,
): Promise<OperationResult> {
  const { interruption } = run;
  const options = {
    targets: [],
    replaces: [],
    parallel: undefined,
    diff: false,
    expectNoChanges: false,
    policyPacks: [],
  };
  const result = await engine.run(
    "up",
    place,
    { ...options, message: "npm start" },
    {
      display: undefined,
      color: false,
      signal: interruption.signal,
      kill: interruption.kill,
      env: interruption.env,
      onEvent,
    },
  );
  return requireSuccess(result, "npm start");
}

function mongodBinary(progress: import("../../infra/support").Progress) {
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
