import { messageOf, withDeadline } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { localStackName } from "../local-stack";
import { lookAtMachines, type MachinesStatus } from "./machines";

const patienceMs = 3000;

export interface AppStatus extends MachinesStatus {
  url: string;
  /** What the app says of itself; null where it says nothing. */
  health: string | null;
  version: string | null;
}

/** Asks the app how it is, and looks at the machines that it runs on; an override may want another number of them. */
export async function lookAtApp(
  stack: string,
  { app }: Settings,
  override: Promise<number | undefined>,
  signal?: AbortSignal,
): Promise<AppStatus> {
  const local = stack === localStackName;
  const url = local ? `http://127.0.0.1:${app.port}` : (app.url ?? `https://${app.name}.fly.dev`);
  const wanted = override.then((count) => count ?? app.machines);
  const [{ health, version, why }, seen] = await Promise.all([
    ask(new URL(app.checks.path, url), signal),
    lookAtMachines(stack, app.name, wanted, signal),
  ]);
  const well = health === "ok" || (await wanted) === 0;
  const problems = [
    ...(well ? [] : [`the app at ${url} is not well: ${why ?? health ?? "it says nothing"}`]),
    ...seen.problems,
  ];
  return { url, health, version, ...seen, problems };
}

async function ask(
  url: URL,
  caller?: AbortSignal,
): Promise<{ health: string | null; version: string | null; why?: string }> {
  try {
    return await withDeadline(
      patienceMs,
      async (signal) => {
        const response = await fetch(url, { signal });
        const body = (await response.json()) as { status?: unknown; version?: unknown };
        const text = (value: unknown) => (typeof value === "string" ? value : null);
        return { health: text(body.status), version: text(body.version) };
      },
      caller,
    );
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return { health: null, version: null, why: messageOf(cause ?? error) };
  }
}
