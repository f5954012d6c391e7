import {
  adviseRollback,
  type RollbackAdvice,
  type RollbackFacts,
  type RollbackOrder,
  type RollbackPlan,
  type RollbackWish,
} from "../../infra/engines/release";
import { appUrl } from "../app-url";
import { settingsWithStore } from "../stack-store";
import { gatherFacts, withNamedArchive } from "./facts";
import { liveFigures } from "./figures";
import type { RollbackOptions } from "./options";
import { orderOf } from "./order";
import { planWithLoss } from "./plan";

/** Long enough for as many requests as a comparison wants. */
const watchMs = 6000;

/** A rollback that could be carried out, or the advice not to. */
export type Prepared =
  | { plan: RollbackPlan; order: RollbackOrder; advice: RollbackAdvice | undefined }
  | { plan: undefined; advice: RollbackAdvice | undefined };

/** Looks at everything and plans; changes nothing. */
export async function preparedRollback(
  options: RollbackOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Prepared> {
  const settings = await settingsWithStore(options.stack, options.configFile);
  const gathered = await gatherFacts(options, settings, say);
  const { address } = gathered;
  const { facts, backup } = await withNamedArchive(gathered.facts, options.backup, settings);
  const { sample } = settings.release.verification;
  const live = { url: appUrl(options.stack, settings), address, sample, watchMs, signal };
  const { wish, advice } = await wishOf({ ...options, backup }, facts, live);
  if (!wish) return { plan: undefined, advice };
  const plan = await planWithLoss(wish, facts, address);
  const reason = options.reason ?? advice?.why ?? "asked for by hand";
  return { plan, order: orderOf(plan, facts, reason), advice };
}

/** What was asked for; with `auto` what the matrix says of the app that runs. */
async function wishOf(
  { action, to, steps, backup }: Omit<RollbackOptions, "backup"> & { backup: string | undefined },
  facts: RollbackFacts,
  live: Parameters<typeof liveFigures>[0],
): Promise<{ wish: RollbackWish | undefined; advice: RollbackAdvice | undefined }> {
  if (action === "app" || action === "migration" || action === "database" || action === "full")
    return { wish: { kind: action, to, steps, backup }, advice: undefined };
  // Whoever names an archive has decided that the data goes back.
  if (backup !== undefined) return { wish: { kind: "full", to, backup }, advice: undefined };
  const advice = adviseRollback(await liveFigures(live));
  // What a failed release left behind goes back whatever the app that runs is like.
  const leftBehind = facts.releases[0]?.state !== "done";
  if (advice.method === "none") return { wish: leftBehind ? { kind: "full", to } : undefined, advice };
  return {
    wish: { kind: advice.method, to, backup: advice.data ? "latest" : undefined },
    advice,
  };
}
