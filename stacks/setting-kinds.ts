import { z } from "zod";
import { Secret, parseDuration } from "../infra/support";

/** A time such as "90s" or "5m", kept in milliseconds. */
export const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined) return ms;
      context.addIssue({ code: "custom", message: "a time such as 500ms, 90s, 5m or 1h" });
      return z.NEVER;
    });

/** The name of an app or a project. */
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,40}$/, "lower-case letters, digits and hyphens, 2 to 41 of them, a letter first");
/** A name that leaves room for `_ops`. */
export const databaseName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,37}$/, "letters, digits, - and _, at most 38, a letter first")
  .default("dnd-tracker");
/** One that needs no rights of root. */
export const port = z.int().min(1024, "a port from 1024 to 65535").max(65535, "a port from 1024 to 65535");
/** A value that never shows itself. */
export const secret = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

/** Whether an address names nobody who logs in: addresses are shown, and whatever stands in one is seen. */
export function hasNoLogin(address: string): boolean {
  return !/\/\/[^/?#]*@/.test(address);
}
