import { ensureHost, observeHost } from "../../drivers/processes";
import { localFolder } from "../../support";

/**
 * Takes every machine of an app out of its address, with what is under way answered first, or gives them back. They go
 * on running meanwhile; what is held back that way gets a 503 that says when to ask again.
 */
export async function holdRequests(app: string, on: boolean, signal: AbortSignal): Promise<void> {
  const folder = localFolder("machines");
  const seen = await observeHost(folder);
  const own = seen?.machines.filter(({ spec, pid }) => spec.group === app && pid !== null) ?? [];
  if (own.length === 0) return;
  const host = await ensureHost(folder, on ? signal : undefined);
  await Promise.all(own.map(({ spec }) => (on ? host.drain(spec) : host.cordon(spec.id, false))));
}
