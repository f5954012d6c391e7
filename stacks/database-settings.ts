import { z } from "zod";
import { databaseName, name, port, secret } from "./setting-kinds";

export const tiers = ["M0", "FLEX", "M10", "M20", "M30", "M40", "M50"] as const;

const version = z.string().regex(/^\d+\.\d+$/, "a version such as 8.0");

const cidr = z.cidrv4("an address in CIDR notation such as 203.0.113.7/32");

const atlas = z.strictObject({
  kind: z.literal("atlas"),
  name: databaseName,
  /** Of the project and its cluster; dnd-tracker-ENVIRONMENT unless given. Changing it makes another cluster, which `up` does only when told. */
  project: name.optional(),
  /** Whose account pays. Changing it makes another project. */
  orgId: z.string().optional(),
  /** Of a project that is there and has no other cluster, such as `platform:OUTPUT`, and is called as `project` says; without it the stack makes its own. */
  projectId: z
    .string()
    .regex(/^([0-9a-f]{24}|platform:[A-Za-z]\w*)$/, "the id of a project at Atlas, or platform:OUTPUT")
    .optional(),
  /** M0 and FLEX are tenants of a shared cluster; the others are dedicated. */
  tier: z.enum(tiers).default("M10"),
  /** The largest tier that the cluster grows to by itself; it stays as it is unless given. */
  largestTier: z.enum(tiers).optional(),
  region: z
    .string()
    .regex(/^[A-Z_0-9]+$/, "an Atlas region such as US_EAST_1")
    .default("US_EAST_1"),
  /** Of the server, one for all stacks; the preflight says where another one serves, as a free tier's own. */
  version: version.default("8.0"),
  /** Who may connect beside the app and the machine that deploys. */
  accessList: z
    .array(cidr)
    .refine((all) => new Set(all).size === all.length, "each address once")
    .default([]),
  /** The passwords of the database's users are worked out from it; a secret. Set once, by `pulumi config set --secret`. */
  key: secret.optional(),
  /** The key before, while the users of the rotation before still are of that one. */
  previousKey: secret.optional(),
  /** One more gives every role another user and password; those before stay until the next time. */
  rotation: z.int().min(1, "1 or more").default(1),
  /** How whoever deploys comes to the cluster: let in for the run, on the list, or by a machine at Fly. Changing it replaces nothing. */
  reach: z.enum(["temporary", "listed", "fly"]).default("temporary"),
  /** Who is told of the cluster's troubles; the project's owners where nobody is named. */
  alertEmails: z.array(z.email("an address of mail")).default([]),
  /** When Atlas may restart the cluster's members: day 1 is Sunday, hours are UTC. */
  maintenance: z
    .strictObject({
      day: z.int().min(1, "1 to 7").max(7, "1 to 7").default(3),
      hour: z.int().min(0, "0 to 23").max(23, "0 to 23").default(8),
    })
    .prefault({}),
  /** In production, so many days back the cluster can return to any moment. */
  restoreWindowDays: z.int().min(1, "1 to 30").max(30, "1 to 30").default(7),
});

/** The settings of a stack's database: on this machine, given, or a cluster of its own at Atlas. */
export const databaseSettings = z.discriminatedUnion("kind", [
  z.strictObject({
    /** A mongod of this machine, with its data in `.dnd/`. */
    kind: z.literal("embedded"),
    name: databaseName,
    /** Fixed port; without it a free one is chosen once and kept. */
    port: port.optional(),
    /** Of the server, one for all stacks; the preflight says where another one serves, as a free tier's own. */
    version: version.optional(),
  }),
  z.strictObject({
    kind: z.literal("uri"),
    name: databaseName,
    uri: secret.optional(),
    /** Of the server, one for all stacks; the preflight says where another one serves, as a free tier's own. */
    version: version.optional(),
  }),
  atlas,
]);

export type AtlasSettings = z.infer<typeof atlas>;

/** Whether a cluster that grows by itself has somewhere to grow to. */
export function growsUpwards(database: z.infer<typeof databaseSettings>): boolean {
  if (database.kind !== "atlas") return true;
  const { tier, largestTier = tier } = database;
  return tiers.indexOf(largestTier) >= tiers.indexOf(tier);
}
