import { lastLines, observeHost } from "../../drivers/processes";
import { localFolder } from "../../support";

/** The newest lines that each running machine of an app has logged, as they stand there. */
export async function machineLogs(
  app: string,
  lines: number,
): Promise<{ machine: string; lines: string[] }[]> {
  const seen = await observeHost(localFolder("machines"));
  const own = seen?.machines.filter(({ spec, pid }) => spec.group === app && pid !== null) ?? [];
  return Promise.all(
    own.map(async ({ spec, log }) => ({ machine: spec.id, lines: await lastLines(log, lines) })),
  );
}
