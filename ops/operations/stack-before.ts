import { OperatorError } from "../../infra/support";
import { promotionWanted } from "../../stacks/promotion-settings";
import type { Settings } from "../../stacks/settings";
import type { StackEngine } from "../engine";
import { resolvePlace } from "../stack-place";

/** The way on for an operation that failed where the stack that must have gone before is not there; undefined where it is. */
export async function wayPastMissingStack(
  engine: Pick<StackEngine, "outputs">,
  settings: Settings,
  overridden: string | undefined,
): Promise<string | undefined> {
  const promotion = promotionWanted(settings);
  if (!promotion || promotion.override !== null || overridden !== undefined) return undefined;
  const { from } = promotion;
  // Only the engine reads what a stack of another project has.
  if (from.includes("/")) return undefined;
  try {
    await engine.outputs(await resolvePlace({ stack: from }), { showSecrets: false });
    return undefined;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return [
      `This stack takes only what has passed the stack ${from}, and that cannot be read: ${error.message.split("\n")[0] ?? ""}`,
      `  Release there first: \`dnd up --stack ${from}\`. Once without: \`--override-promotion REASON\`.`,
      `  Another stack goes before: release.promotion.from. None does: release.promotion.required: false.`,
    ].join("\n");
  }
}
