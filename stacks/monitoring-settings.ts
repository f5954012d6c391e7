import { z } from "zod";
import { Secret } from "../infra/support";
import { encrypted } from "./secret-paths";
import { duration, hasNoLogin, port, secret } from "./setting-kinds";

const serviceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, "small letters, digits and hyphens, at most 41, a letter first");
/** What stands encrypted in a file is known to be set, and no more. */
const token = z
  .string()
  .refine(
    (text) => text === encrypted || /^[\x21-\x7e]{16,200}$/.test(text),
    "16 to 200 printable characters without blanks",
  )
  .transform((text) => new Secret(text));
const patience = { timeout: duration("5s") };
const webAddress = z
  .url({ protocol: /^https?$/, error: "an address such as https://status.example.com" })
  .refine(hasNoLogin, "an address without a login in it");

/** A service that the app needs, and how it is asked. */
const service = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      name: serviceName,
      kind: z.literal("redis"),
      url: z
        .url({ protocol: /^rediss?$/, error: "an address such as redis://redis.internal:6379" })
        .refine(hasNoLogin, "an address without a login in it; the password stands in `password`"),
      password: secret.optional(),
      ...patience,
    }),
    z.strictObject({ name: serviceName, kind: z.literal("s3"), url: webAddress, ...patience }),
    z.strictObject({
      name: serviceName,
      kind: z.literal("fly"),
      url: webAddress.default("https://api.machines.dev/v1/"),
      ...patience,
    }),
    z.strictObject({
      name: serviceName,
      kind: z.literal("url"),
      url: webAddress,
      /** The statuses that are well; below 400 unless given. */
      status: z.array(z.int().min(100).max(599)).min(1).optional(),
      /** What the answer must contain. */
      contains: z.string().min(1).optional(),
      ...patience,
    }),
  ],
  { error: "kind redis, s3, fly or url, with a name and an address" },
);

/** The settings of the monitor itself; what it alerts about and whom it tells stands beside them. */
export const monitorSettings = {
  /** The stack runs a monitor of its own: locally a process, at Fly a process group whose image must hold it. */
  enabled: z.boolean().default(false),
  /** At Fly: what starts it in the app's image; that of Dockerfile.monitor unless given. */
  command: z.string().min(1).optional(),
  /** Where the monitor answers. Changing it restarts the monitor. */
  port: port.default(9464),
  /** How often everything is looked at; after two minutes without a look the monitor itself counts as silent. */
  interval: duration("30s").refine((ms) => ms >= 1000 && ms <= 60_000, "a second to a minute"),
  /** Services that the app needs and that somebody else runs. */
  services: z
    .array(service)
    .max(20, "20 at most")
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, "each name once")
    .default([]),
  /** More addresses whose certificates are watched, beside the app's own. */
  certificates: z
    .array(z.url({ protocol: /^https$/, error: "an address that begins with https://" }))
    .default([]),
  /** Whoever carries it may write figures and resolve alerts; without one nobody may. */
  token: token.optional(),
  /** The monitor that makes the scheduled backup deletes afterwards what retention no longer keeps. */
  retention: z.boolean().default(true),
};
