import { resolve } from "node:path";
import { nodeArgsOf, type Program } from "../program";
import { dynamicPackage, ProviderHost } from "../providers";
import { Book } from "./book";
import { registerProviderAs } from "./default-provider";
import { Hooks } from "./hooks";
import { Monitor } from "./monitor";
import type { OperationOptions } from "./operation";
import { Policies } from "./policies";
import { startProgram } from "./program-run";
import { Providers } from "./providers";
import { register } from "./register";
import { Run } from "./run";
import { Targets } from "./targets";

const defaultParallel = 16;

/** Everything that an operation needs before its first step; `close` ends every process and connection of it. */
export interface Desk {
  run: Run;
  monitor: Monitor;
  /** The program, started by now or at this call: before the state is open where nothing comes first, for both take their time. */
  program(): Program;
  close(): void;
}

export async function openDesk(
  options: OperationOptions,
  { verified, opened }: { verified: Promise<void>; opened: () => void },
): Promise<Desk> {
  const { kind, stack, project, onEvent, env = process.env, parallel = defaultParallel } = options;
  const monitor = await Monitor.listen();
  const programFolder = resolve(project.root, project.main);
  const nodeArgs = nodeArgsOf(project.runtime.options.nodeargs, programFolder);
  const about = { engineAddress: monitor.address, project: project.name, stack: stack.name, nodeArgs, env };
  const onLine = (from: string, line: string) =>
    onEvent({ kind: "diagnostic", severity: "info", message: line.trimEnd() || from });
  const host = new ProviderHost({ ...about, programFolder, onLine });
  const hooks = new Hooks();
  const open = [() => monitor.close(), () => hooks.close(), () => host.close()];
  const close = () => open.splice(0).forEach((end) => end());
  let started: Program | undefined;
  const program = () => {
    if (started) return started;
    const child = startProgram(options, monitor.address, { programFolder, nodeArgs, parallel });
    open.push(() => child.kill());
    return (started = child);
  };
  try {
    if (stack.uses(dynamicPackage)) host.warm();
    if (kind !== "destroy" && kind !== "refresh" && !options.refresh) program();
    const starting = Policies.start(options.policyPacks ?? [], {
      ...about,
      organization: stack.organization,
      dryRun: kind === "preview",
      config: stack.config.values,
      onLine,
    });
    open.push(() => void starting.then((policies) => policies.close()).catch(() => undefined));
    // Whether the state can be opened at all is told first.
    starting.catch(() => undefined);
    await stack.opened();
    opened();
    const policies = await starting;
    const run = new Run({
      kind,
      stack,
      programFolder,
      project,
      book: new Book(stack.snapshot, kind === "preview" ? undefined : stack.writer),
      host,
      hooks,
      policies,
      targets: new Targets(options.targets ?? [], options.targetDependents ?? false),
      replaces: new Set(options.replaces ?? []),
      parallel,
      verified,
      signal: options.signal ?? new AbortController().signal,
      onEvent,
    });
    run.providers = new Providers(
      run,
      registerProviderAs((goal) => register(run, goal)),
    );
    monitor.serve(run);
    return { run, monitor, program, close };
  } catch (error) {
    close();
    throw error;
  }
}
