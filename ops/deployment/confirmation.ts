import { OperatorError } from "../../infra/support";
import { settingsOf } from "../stack-settings";
import { stackOf, type DeploymentConfig, type DeploymentSurroundings } from "./options";

interface Question {
  /** What is about to be done, as it stands in the error. */
  action: string;
  /** What is asked; the action itself unless given. */
  text?: string;
  /** Writes that would be gone: with one, or where nobody knows, the answer is always asked for. */
  loss?: number | "unknown";
}

/** Goes on only where `confirm` agrees, or where neither the options, nor the stack's settings, nor a loss want a question. */
export async function requireConfirmed(
  { action, text = `${action}?`, loss = 0 }: Question,
  { config, confirm }: { config: DeploymentConfig } & Pick<DeploymentSurroundings, "confirm">,
): Promise<void> {
  if (loss === 0 && !(await isWanted(config))) return;
  if (await confirm?.(text)) return;
  throw new OperatorError({
    code: "not-confirmed",
    kind: "refused",
    message: `not confirmed: ${action}`,
    remedy:
      loss === 0
        ? "Give a `confirm` that answers, or set requireConfirmation to false."
        : "Give a `confirm` that answers: where writes would be lost it is always asked.",
  });
}

async function isWanted(config: DeploymentConfig): Promise<boolean> {
  return config.requireConfirmation ?? (await settingsOf(stackOf(config))).release.requireConfirmation;
}
