import type { RollbackPlan } from "../../infra/engines/release";
import { settingsWithStore } from "../stack-store";
import { gatherFacts } from "./facts";
import type { RollbackOptions } from "./options";

type Asked = Pick<RollbackOptions, "stack" | "to">;

/** The command that goes on with a rollback that broke off: in the words of its plan, and asking anew before it goes. */
export function wayOn(plan: RollbackPlan, { stack, to }: Asked, left = plan.reverting.length): string {
  const { kind, target, archive } = plan;
  const byCount = kind === "migration" && to === undefined && left > 0;
  const words = [
    byCount ? `--steps ${left}` : `--to ${target}`,
    ...(archive ? [`--backup ${archive.id}`] : []),
    `--stack ${stack}`,
  ];
  return `dnd rollback ${kind} ${words.join(" ")}`;
}

/** How many of the migrations that were to go back are still applied; all of them where nobody can look. */
export async function leftToRevert({ reverting }: RollbackPlan, options: RollbackOptions): Promise<number> {
  try {
    const { facts } = await gatherFacts(
      options,
      await settingsWithStore(options.stack, options.configFile),
      () => undefined,
    );
    const wanted = new Set(reverting.map(({ version }) => version));
    return facts.applied.filter(({ version }) => wanted.has(version)).length;
  } catch {
    return reverting.length;
  }
}
