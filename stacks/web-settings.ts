import { z } from "zod";
import { parseDuration } from "../infra/support";

const off = "off";
const origin = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/,
    "an origin such as https://tales.example.com, without a path",
  );

/** What browsers and strangers may do with the app; what is not given depends on the environment. */
export const webSettings = z.strictObject({
  /** For so long browsers that were there once come by TLS alone, or `off`; a year in production, else `off`. */
  hsts: z
    .string()
    .refine((text) => text === off || parseDuration(text) !== undefined, "a time such as 365d, or off")
    .optional(),
  /** Origins whose pages may use the app's API from a browser. */
  corsOrigins: z.array(origin).max(20, "20 at most").default([]),
  /** So many requests a minute of each client, health checks apart, or `off`; 3000 in production, else `off`. */
  rateLimit: z
    .union([z.literal(off), z.int().min(10).max(1_000_000)], { error: "10 to 1000000 a minute, or off" })
    .optional(),
});

interface WebOf {
  environment: string;
  app: { web: z.infer<typeof webSettings>; env: Record<string, string> };
}

/** The same in the variables of the app, but for those that its settings name themselves; what is off is not told. */
export function webEnv({ environment, app: { web, env } }: WebOf): Record<string, string> {
  const production = environment === "production";
  const { hsts = production ? "365d" : off, rateLimit = production ? 3000 : off, corsOrigins } = web;
  const hstsMs = hsts === off ? undefined : parseDuration(hsts);
  const told = {
    ...(hstsMs !== undefined && { HSTS_MAX_AGE: String(Math.round(hstsMs / 1000)) }),
    ...(corsOrigins.length > 0 && { CORS_ORIGINS: corsOrigins.join(",") }),
    ...(rateLimit !== off && { RATE_LIMIT_PER_MINUTE: String(rateLimit) }),
  };
  return Object.fromEntries(Object.entries(told).filter(([name]) => !(name in env)));
}
