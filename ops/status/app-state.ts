import { observeMachines } from "../../infra/engines/machines";
import { messageOf, withDeadline } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { localStackName } from "../local-stack";

const patienceMs = 3000;

export interface AppStatus {
  url: string;
  /** What the app says of itself; null where it says nothing. */
  health: string | null;
  version: string | null;
  /** Of this computer; a stack at Fly shows those that answer. */
  machines: { name: string; version: string; healthy: boolean }[];
  problems: string[];
}

/** Asks the app how it is, and looks at the machines that it runs on; an override may want another number of them. */
export async function lookAtApp(
  stack: string,
  { app }: Settings,
  override: Promise<number | undefined>,
): Promise<AppStatus> {
  const local = stack === localStackName;
  const seen = local ? await observeMachines(app.name) : undefined;
  const url = local ? `http://127.0.0.1:${app.port}` : (app.url ?? `https://${app.name}.fly.dev`);
  const { health, version, why } = await ask(new URL(app.checks.path, url));
  const machines = (seen?.running ?? []).map(({ name, version: runs, healthy }) => ({
    name,
    version: runs,
    healthy,
  }));
  const healthy = machines.filter((one) => one.healthy).length;
  const wanted = (await override) ?? app.machines;
  const problems = [
    ...(health === "ok" || wanted === 0
      ? []
      : [`the app at ${url} is not well: ${why ?? health ?? "it says nothing"}`]),
    ...(local && healthy < wanted ? [`${healthy} of ${wanted} machines are healthy`] : []),
    ...(seen?.unfinished ? ["an update was cut off: `dnd up` carries on from there"] : []),
  ];
  return { url, health, version, machines, problems };
}

async function ask(url: URL): Promise<{ health: string | null; version: string | null; why?: string }> {
  try {
    return await withDeadline(patienceMs, async (signal) => {
      const response = await fetch(url, { signal });
      const body = (await response.json()) as { status?: unknown; version?: unknown };
      const text = (value: unknown) => (typeof value === "string" ? value : null);
      return { health: text(body.status), version: text(body.version) };
    });
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return { health: null, version: null, why: messageOf(cause ?? error) };
  }
}
