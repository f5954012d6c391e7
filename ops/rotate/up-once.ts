import { OperatorError } from "../../infra/support";
import { ask } from "../rounds/asked";
import type { RotateContext } from "./context";

/** Brings the stack to the new secret: the machines change over once, one after the other; where they have, nothing happens. */
export async function upOnce({ stack, terminal }: Pick<RotateContext, "stack" | "terminal">): Promise<void> {
  const { code, complaint } = await ask({ name: "up", argv: ["--stack", stack, "--yes"] }, terminal);
  if (code === 0) return;
  throw new OperatorError({
    code: "rotation-not-deployed",
    message: `the new secret is made, and the stack ${stack} was not brought to it: ${complaint || `\`dnd up\` ended with code ${code}`}`,
    remedy: "Both secrets work: mend what is wrong and run the same command again.",
  });
}
