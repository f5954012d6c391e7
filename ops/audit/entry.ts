import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { z } from "zod";
import { redacted } from "./redact";

/** What is kept of one command that could change something. */
export const auditEntry = z.object({
  /** When it began, and something random: in the order of time, and never twice the same. */
  _id: z.string(),
  version: z.literal(1),
  at: z.coerce.date(),
  who: z.string(),
  host: z.string(),
  /** From where: over SSH and from which address, by which run of CI, from a terminal or by a script. */
  from: z.string(),
  stack: z.string(),
  command: z.string(),
  arguments: z.array(z.string()),
  /** Null while it runs; the code is null where nobody saw the end. */
  outcome: z.object({ code: z.int().nullable(), error: z.string().optional() }).nullable(),
  endedAt: z.coerce.date().nullable(),
});

export type AuditEntry = z.infer<typeof auditEntry>;

/** The beginning of an entry, for a command that is about to run. */
export function beginEntry(command: string, argv: readonly string[], stack: string): AuditEntry {
  const at = new Date();
  return {
    _id: `${at.toISOString()}-${randomBytes(5).toString("hex")}`,
    version: 1,
    at,
    who: personOf(process.env),
    host: hostname(),
    from: originOf(process.env, process.stdin.isTTY),
    stack,
    command,
    arguments: redacted(argv),
    outcome: null,
    endedAt: null,
  };
}

/** Whoever asked for it: a run of CI and `sudo` act for somebody. */
function personOf(env: NodeJS.ProcessEnv): string {
  return env.GITHUB_ACTOR || env.SUDO_USER || nameOfUser();
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}

function originOf(env: NodeJS.ProcessEnv, terminal: boolean): string {
  if (env.GITHUB_ACTIONS && env.GITHUB_RUN_ID)
    return `${env.GITHUB_SERVER_URL ?? ""}/${env.GITHUB_REPOSITORY ?? ""}/actions/runs/${env.GITHUB_RUN_ID}`;
  const [client] = (env.SSH_CONNECTION ?? "").split(" ");
  if (client) return `ssh from ${client}`;
  if (env.CI) return "CI";
  return terminal ? "a terminal" : "a script";
}
