import type { Properties } from "../deployment";
import { Program } from "../program";
import type { Desk } from "./desk";
import { deleteLeftovers } from "./finish";
import type { Monitor } from "./monitor";
import type { OperationOptions } from "./operation";
import type { Run } from "./run";
import { withoutUndelivered } from "./sent-home";

/** Runs the program, and what follows from its end: the policies on the whole, and the deletions. */
export async function runProgram({ run, monitor }: Desk, program: Program): Promise<void> {
  let finished: Promise<void> | undefined;
  const finish = () => (finished ??= finishProgram(run, monitor));
  monitor.onEnd = finish;
  const end = await Promise.race([program.ended, interruption(run.parts.signal)]);
  await monitor.settled();
  if (end === "interrupted" || monitor.closed) return program.kill();
  if (end === "failed") run.refuse();
  else if (end !== "succeeded") throw run.fail(new Error(`the program ${end}`));
  await finish();
}

/** Starts the program; whatever it asks for waits until the monitor serves. */
export function startProgram(
  options: OperationOptions,
  engineAddress: string,
  { programFolder, nodeArgs, parallel }: { programFolder: string; nodeArgs: string[]; parallel: number },
): Program {
  const { kind, stack, project, env = process.env, onEvent } = options;
  const { typescript } = project.runtime.options;
  return Program.start({
    root: project.root,
    folder: programFolder,
    project: project.name,
    stack: stack.name,
    organization: stack.organization,
    nodeArgs,
    typescript: typescript !== false,
    engineAddress,
    dryRun: kind === "preview",
    parallel,
    config: stack.config.values,
    secretKeys: stack.config.secretKeys,
    env,
    onLine: withoutUndelivered((message) => onEvent({ kind: "diagnostic", severity: "info", message })),
  });
}

async function finishProgram(run: Run, monitor: Monitor): Promise<void> {
  if (run.stopped) return;
  await run.parts.policies.analyzeStack(run);
  if (run.stopped) return;
  settleOutputs(run, monitor);
  await deleteLeftovers(run);
}

/** The stack's outputs stand with its own resource; after a failure the old ones stay beside the new. */
export function settleOutputs(run: Run, monitor: Monitor): Properties {
  const root = [...run.parts.book.news.values()].find((state) => state.type === "pulumi:pulumi:Stack");
  if (!root) return {};
  const registered = monitor.stackOutputs;
  const outputs = registered === undefined || run.failed ? { ...root.outputs, ...registered } : registered;
  if (JSON.stringify(outputs) !== JSON.stringify(root.outputs)) {
    root.outputs = outputs;
    run.parts.book.touch();
  }
  return outputs;
}

function interruption(signal: AbortSignal): Promise<"interrupted"> {
  if (signal.aborted) return Promise.resolve("interrupted");
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve("interrupted"), { once: true }),
  );
}
