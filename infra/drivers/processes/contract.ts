import { z } from "zod";

/** What to ask a machine to learn whether it may get requests. */
export const checkSchema = z.object({
  /** Asked by GET; any 2xx answer passes. */
  path: z.string().startsWith("/"),
  intervalMs: z.int().min(20),
  timeoutMs: z.int().min(1),
  /** So many failures one after the other take a healthy machine out. */
  failures: z.int().min(1),
});

/** What becomes of a machine that ends without having been asked to. */
export const restartSchema = z.object({
  policy: z.enum(["no", "on-failure", "always"]),
  /** In a row; the count begins again once the machine has been healthy for half a minute. */
  maxRetries: z.int().min(0),
  firstDelayMs: z.int().min(1),
  maxDelayMs: z.int().min(1),
  /** True: a machine that was never healthy is not worth another try and fails at once. */
  provenOnly: z.boolean(),
});

/** Lets a machine without requests stop; the next request starts it again. */
export const autostopSchema = z.object({ idleMs: z.int().min(1), minRunning: z.int().min(0) });

/** What a machine is. Its environment travels beside it, because that holds secrets. */
export const machineSpecSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  /** Machines of one group share the router's address. */
  group: z.string().min(1),
  metadata: z.record(z.string(), z.string()),
  command: z.array(z.string()).min(1),
  cwd: z.string(),
  /** Given to the machine as PORT; without one a free port is chosen and kept as long as it is free. */
  port: z.int().min(1).max(65535).nullable(),
  check: checkSchema.nullable(),
  restart: restartSchema,
  stop: z.object({ signal: z.enum(["SIGTERM", "SIGINT", "SIGQUIT"]), timeoutMs: z.int().min(0) }),
  /** How long requests in flight may take before a stop. */
  drainMs: z.int().min(0),
  autostop: autostopSchema.nullable(),
});

const machineStates = ["starting", "started", "waiting", "stopping", "stopped", "failed"] as const;

export const exitSchema = z.object({
  /** Null with a null signal: it ended while nobody watched. */
  code: z.number().nullable(),
  signal: z.string().nullable(),
  oom: z.boolean(),
  asked: z.boolean(),
  at: z.string(),
});

const healthSchema = z.object({
  status: z.enum(["unknown", "passing", "critical"]),
  output: z.string(),
  at: z.string().nullable(),
});

/** A machine as it is seen from outside. */
export const machineViewSchema = z.object({
  spec: machineSpecSchema,
  /** "waiting" for the end of the pause before a restart; "failed": it will not be started again by itself. */
  state: z.enum(machineStates),
  pid: z.int().nullable(),
  port: z.int().nullable(),
  health: healthSchema,
  /** Gets no new requests. */
  cordoned: z.boolean(),
  inFlight: z.int(),
  restarts: z.int(),
  exit: exitSchema.nullable(),
  log: z.string(),
});

export const routeSchema = z.object({
  group: z.string(),
  host: z.string(),
  port: z.int().min(0).max(65535),
});

/** A router as it is seen from outside. */
export const routeViewSchema = routeSchema.extend({
  listening: z.boolean(),
  /** Why it does not listen. */
  error: z.string().nullable(),
});

export const hostViewSchema = z.object({
  protocol: z.int(),
  pid: z.int(),
  machines: z.array(machineViewSchema),
  routes: z.array(routeViewSchema),
});

export type HealthCheck = z.infer<typeof checkSchema>;
export type RestartPolicy = z.infer<typeof restartSchema>;
export type MachineSpec = z.infer<typeof machineSpecSchema>;
export type MachineState = (typeof machineStates)[number];
export type MachineExit = z.infer<typeof exitSchema>;
export type MachineHealth = z.infer<typeof healthSchema>;
export type MachineView = z.infer<typeof machineViewSchema>;
/** One fixed address in front of the machines of a group. */
export type Route = z.infer<typeof routeSchema>;
export type RouteView = z.infer<typeof routeViewSchema>;
export type HostView = z.infer<typeof hostViewSchema>;
export type MachineEnv = Record<string, string>;

/** What the daemon and its clients speak; another number means that the daemon must make way for today's. */
export const protocol = 1;
