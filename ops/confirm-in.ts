import type { CommonOptions } from "./command";
import { confirm, type Terminal } from "./terminal";

export interface Danger {
  /** What will be done, as it reads after "Type … to". */
  action: string;
  /** What cannot be had back, or what players notice. */
  loss: string;
}

/** Asks before something dangerous; in production the stack's name is what has to be typed. */
export async function confirmIn(
  environment: string | undefined,
  { stack, yes }: Pick<CommonOptions, "stack" | "yes">,
  { action, loss }: Danger,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<void> {
  const word = environment === "production" ? { word: stack } : {};
  await confirm(terminal, { action: `${action} on ${stack}`, loss, yes, ...word }, signal);
}
