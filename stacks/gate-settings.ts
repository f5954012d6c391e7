import { z } from "zod";
import { duration } from "./setting-kinds";

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of the day such as 09:00");
const date = z.iso.date({ error: "a day such as 2026-12-24" });
const file = z.string().min(1, "a file of allowed signers, as ssh-keygen reads it");
const timeZone = z.string().refine(isTimeZone, "a time zone such as UTC or Europe/Berlin").default("UTC");

/** What must hold before a release touches anything, as far as a stack decides it. */
export const gateSettings = {
  /** Warnings of the checklist refuse a release, too; without it they do in production alone. */
  strict: z.boolean().optional(),
  /** When a release may begin; without it always. A rollback may at any time. */
  window: z
    .strictObject({
      days: z
        .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
        .min(1, "at least one day")
        .default(["mon", "tue", "wed", "thu", "fri"]),
      from: time,
      to: time,
      timeZone,
    })
    .refine(({ from, to }) => from !== to, "from other than to")
    .optional(),
  /** Days without a release, the last one included. */
  freeze: z
    .array(
      z
        .strictObject({ from: date, to: date, reason: z.string().min(1, "why nothing is released then") })
        .refine(({ from, to }) => from <= to, "from no later than to"),
    )
    .default([]),
  /** So old the last restore test may be. */
  restoreTestWithin: duration("35d"),
  /** What CI has proved of the commit. */
  proof: z
    .strictObject({
      /** Whether a release asks for it; without it staging and production do. */
      wanted: z.boolean().optional(),
      /** So old it may be. */
      within: duration("7d"),
      /** Who may sign one: then an unsigned one is none. */
      signers: file.optional(),
    })
    .prefault({}),
  /** Signatures that a release needs, each of another person in the file. */
  approvals: z.strictObject({ signers: file, needed: z.int().min(1).max(20).default(1) }).optional(),
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
