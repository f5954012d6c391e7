import { z } from "zod";
import type { LocalCredentials } from "./local-credentials";

const login = z.object({ user: z.string().min(1), password: z.string().min(1) });

/** What a local server's file of logins holds. */
export const localCredentials: z.ZodType<LocalCredentials> = z.object({
  version: z.literal(1),
  admin: login,
  app: login,
  migration: login,
  backup: login,
});
