import type { PromotionWish } from "../../infra/engines/preflight";
import { readPassed, type PassedRelease } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";

/** What the stack before knows of an image, asked as any other command asks a stack. */
export async function promotionOf(
  { from, override }: { from: string; override: string | null },
  digest: string | null,
): Promise<PromotionWish> {
  const all = override === null ? await passedIn(from) : [];
  const passed = all.find((one) => one.digest === digest) ?? null;
  return { from, override, passed, newest: all[0] ?? null };
}

/** A stack that is not there, or cannot be asked from here, lets nothing pass. */
async function passedIn(stack: string): Promise<PassedRelease[]> {
  const { chooseEngine } = require("../engine") as typeof import("../engine");
  const { resolvePlace } = require("../stack-place") as typeof import("../stack-place");
  try {
    const { engine } = await chooseEngine("auto");
    const outputs = await engine.outputs(await resolvePlace({ stack }), { showSecrets: false });
    return readPassed(outputs.passed);
  } catch (error) {
    if (error instanceof OperatorError) return [];
    throw error;
  }
}
