import { OperatorError, projectRoot } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { atlasProject } from "../../stacks/snapshot-settings";
import type { OperationKind, StackPlace } from "../engine";
import { settingsAt } from "../stack-settings";

/** Does an operation that runs no program, and so nothing that would let this machine in to a cluster of the stack's own. */
export async function withinReach<T>(
  kind: OperationKind,
  place: StackPlace,
  work: () => Promise<T>,
): Promise<T> {
  const programless = kind === "refresh" || kind === "destroy";
  if (!programless || place.projectDir !== projectRoot) return work();
  // What is to be looked at or taken away must not depend on settings that are right.
  const settings = await settingsAt(place).catch(() => undefined);
  const leave = settings === undefined ? noWayOut : await entered(settings);
  try {
    return await work();
  } finally {
    // The project may be gone by now, and its access list with it; what is left ends by itself.
    await leave().catch(() => undefined);
  }
}

const noWayOut = () => Promise.resolve();

async function entered(settings: Settings): Promise<() => Promise<void>> {
  const { database } = settings;
  if (database.kind !== "atlas" || database.reach !== "temporary") return noWayOut;
  const { AtlasNotFound, atlasApiOf } =
    require("../../infra/drivers/atlas-api") as typeof import("../../infra/drivers/atlas-api");
  const { enter } = require("../../infra/engines/reach") as typeof import("../../infra/engines/reach");
  try {
    return await enter(atlasProject(settings), { api: atlasApiOf(process.env) });
  } catch (error) {
    // Without credentials the provider tells, in so far as the operation comes to Atlas at all.
    const nobody = error instanceof OperatorError && error.code === "atlas-credentials-missing";
    if (error instanceof AtlasNotFound || nobody) return noWayOut;
    throw error;
  }
}
