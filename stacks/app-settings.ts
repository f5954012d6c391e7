import { z } from "zod";
import { duration, name, port, secret } from "./setting-kinds";
import { webSettings } from "./web-settings";

const share = z.number().positive("a share such as 0.33, or a count of 1 or more");
const count = (least: number) => z.int().min(least, `${least} or more`);

const hostname = z
  .string()
  .regex(/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a host name such as dnd.example.com");

const region = z.string().regex(/^[a-z]{3}$/, "a region of three letters such as iad");

const strategyKinds = ["rolling", "canary", "bluegreen", "immediate"] as const;

/** How machines come to another version; its name alone is enough. */
const strategy = z
  .union([
    z.enum(strategyKinds).transform((kind) => ({ kind })),
    z.strictObject({
      kind: z.enum(strategyKinds),
      /** So many at once, or such a share of each group. */
      maxUnavailable: share.optional(),
      /** So many machines of the new version serve beside the old ones first. */
      canaries: count(1).optional(),
      /** For so long the canaries are compared with the rest. */
      hold: duration("10s"),
      /** For so long the old fleet of bluegreen serves on after the switch. */
      drain: duration("10s"),
    }),
  ])
  .default({ kind: "rolling" });

/** Where a volume stands; one free of that name is taken, else one is made. */
const mount = z.strictObject({
  /** Name of the volume. Changing it replaces the machines; what they had stays. */
  source: z.string().regex(/^[a-z0-9_]{1,30}$/, "small letters, digits and underscores, at most 30"),
  destination: z.string().startsWith("/"),
  /** In GB; a larger one makes the volumes grow, a smaller one does nothing. */
  size: z.int().min(1).max(500).default(1),
  /** So many days each snapshot is kept; Fly's own number unless given. */
  snapshotRetention: z.int().min(1).max(60).optional(),
  processes: z.array(z.string()).optional(),
});

/** The settings of the app, on this machine and at Fly. */
export const appSettings = z.strictObject({
  /** Name of the app; at Fly also its address. Changing it makes another app. */
  name: name.default("dnd-tracker"),
  /** What the app says it is; with the sources it makes the image. Changing it is a release. */
  version: z
    .string()
    .regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$/, "a version such as 1.4.0")
    .default("1.0.0"),
  /** Cloud stacks: an image, a digest, or `commit` for the image that CI built of this commit. */
  image: z.string().default("commit"),
  /** At Fly: builds the image of this checkout and pushes it, by `docker buildx`, in place of one that is there. */
  build: z
    .strictObject({
      /** From the folder of the project; what Git ignores in it makes no other image. */
      context: z.string().default("."),
      /** From the folder of the project. */
      dockerfile: z.string().default("Dockerfile"),
      args: z
        .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name such as APP_VERSION"), z.string())
        .default({}),
    })
    .optional(),
  /** Where images of the app are pushed; registry.fly.io/NAME unless given. */
  repository: z.string().optional(),
  /** Local stack: the one address in front of the machines. Changing it restarts the router. */
  port: port.default(3000),
  /** At Fly: where the app listens inside of its machine. */
  internalPort: port.default(3000),
  /** At Fly: whose app it is. Changing it makes another app. */
  organization: z.string().default("personal"),
  /** At Fly: where the app is reached; https://NAME.fly.dev unless given. */
  url: z.url({ protocol: /^https?$/, error: "an address such as https://dnd.example.com" }).optional(),
  /** At Fly: host names of your own; the DNS records that they need are outputs. */
  hostnames: z.array(hostname).default([]),
  /** At Fly: certificates of your own by host name, in PEM, in place of those that Fly gets. */
  certificates: z
    .record(
      hostname,
      z.strictObject({
        /** The certificate and those that vouch for it. */
        chain: z.string().includes("BEGIN CERTIFICATE", "a certificate in PEM"),
        key: secret,
      }),
    )
    .default({}),
  /** At Fly: the addresses of the app; `egress` gives each region a fixed one for what leaves it. */
  addresses: z
    .strictObject({
      sharedV4: z.boolean().default(true),
      v4: count(0).default(0),
      v6: count(0).default(1),
      privateV6: count(0).default(0),
      egress: z.boolean().default(false),
    })
    .prefault({}),
  regions: z.array(region).min(1).default(["iad"]),
  /** At Fly: where machines without a volume go when their own region has no room, the first of these first. */
  fallbackRegions: z.array(region).default([]),
  machines: z.int().min(1, "1 to 10 machines").max(10, "1 to 10 machines").default(2),
  size: z.string().default("shared-cpu-2x"),
  memory: z.int().min(256, "at least 256 MB").default(2048),
  /** At Fly: the programs of the image, each on machines of its own; without any it is the image's one command. */
  processes: z
    .record(
      z.string(),
      z.strictObject({
        command: z.string(),
        /** As many as `machines` unless given. */
        machines: z.int().min(0).max(100).optional(),
        /** Gets the requests of the app's address. */
        http: z.boolean().default(false),
        /** Its own machines' size and memory; the app's unless given. */
        size: z.string().optional(),
        memory: z.int().min(256, "at least 256 MB").optional(),
        /** Where it is asked whether it is healthy, beside what the address's own checks ask. */
        health: z.strictObject({ port, path: z.string().startsWith("/") }).optional(),
      }),
    )
    .default({}),
  /** At Fly: a volume for each machine of the named processes, of all where none is named; kept when machines go. */
  mounts: z.array(mount).default([]),
  /** At Fly: what becomes of machines that nobody asks. */
  autostop: z.enum(["off", "stop", "suspend"]).default("off"),
  /** At Fly: runs once on a machine of its own before any other is touched. Migrations need none. */
  releaseCommand: z.string().optional(),
  /** At Fly: a fly.toml that says what the machines are, in place of size, memory, checks and the like. */
  flyToml: z.string().optional(),
  /** At Fly: a bucket at AWS for what people upload, apart from the archives'; the app finds its name in UPLOADS_BUCKET. */
  uploads: z
    .strictObject({
      /** dnd-tracker-ENVIRONMENT-uploads-ACCOUNT unless given. Changing it makes another bucket; the one before stays. */
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of a bucket")
        .optional(),
      /** Takes over a bucket that is there, which stays as it is but for what guards it. */
      adopt: z.boolean().default(false),
    })
    .optional(),
  /** What browsers and strangers may do with it. */
  web: webSettings.prefault({}),
  env: z.record(z.string(), z.string()).default({}),
  secrets: z.record(z.string(), secret).default({}),
  checks: z
    .strictObject({
      path: z.string().startsWith("/").default("/api/health"),
      interval: duration("15s"),
      timeout: duration("5s"),
      gracePeriod: duration("10s"),
      /** At Fly: so many exits of a new machine that nobody asked for are let pass. */
      toleratedRestarts: count(0).default(0),
      /** At Fly: a new machine is good when it was healthy for so long. */
      bake: duration("2s"),
    })
    .prefault({}),
  strategy,
  /** On this machine: from the start of a machine to its health. */
  startTimeout: duration("30s"),
  /** At Fly: from the change of a machine to its health. */
  deployTimeout: duration("5m"),
  drainTimeout: duration("10s"),
});

export type AppSettings = z.infer<typeof appSettings>;
