import { lastWords, type LogOptions } from "./last-words";

/** The newest lines that each started machine of an app has logged; nothing where the token may not see them. */
export async function machineLogs(
  app: string,
  lines: number,
  options: LogOptions,
): Promise<{ machine: string; lines: string[] }[]> {
  const machines = await options.api.machines.list(app, { signal: options.signal });
  const started = machines.filter(({ state }) => state === "started");
  return Promise.all(
    started.map(async ({ id }) => ({ machine: id, lines: await lastWords(app, id, lines, options) })),
  );
}
