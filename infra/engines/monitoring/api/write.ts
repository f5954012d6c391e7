import type { Db } from "mongodb";
import { z } from "zod";
import { metricSchema, recordMetric, type Metric } from "../metrics";
import { readJson } from "./body";
import { ApiProblem } from "./problem";
import { notValid, success } from "./read";

const bodyLimit = 64 * 1024;
const dayMs = 86_400_000;

/** The engine of alerts resolves; this one only passes the wish on. False: there is no such alert. */
export type ResolveAlert = (id: string, by: string) => Promise<boolean>;

const { name, environment } = metricSchema.shape;
const at = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((moment) => Math.abs(Date.now() - moment.getTime()) < 29 * dayMs, "within the last 29 days")
  .optional();
const { release, labels, deploymentId, value } = metricSchema.shape;
const deployment = z.strictObject({
  environment: environment.optional(),
  deploymentId,
  phase: name,
  status: z.enum(["success", "failed", "failure", "running", "rolled-back", "skipped"]),
  /** Milliseconds. */
  duration: z.number().min(0),
  at,
  release,
});
const figure = z.strictObject({
  name,
  value,
  environment: environment.optional(),
  at,
  release,
  labels,
  deploymentId,
});
const body = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("metric"), data: z.union([deployment, figure]) }),
  z.strictObject({
    action: z.literal("resolve-alert"),
    data: z.strictObject({
      alertId: z.string().min(1).max(300),
      resolvedBy: z
        .string()
        .regex(/^[^\p{Cc}]{1,100}$/u, "1 to 100 characters, none of them a control character")
        .default("monitoring API"),
    }),
  }),
]);

/** POST: keeps a figure, or resolves an alert. */
export async function write(
  request: Request,
  ops: Db,
  { ownEnvironment, resolveAlert }: { ownEnvironment: string; resolveAlert?: ResolveAlert | undefined },
): Promise<Response> {
  const parsed = body.safeParse(await readJson(request, bodyLimit));
  if (!parsed.success) throw notValid(parsed.error);
  if (parsed.data.action === "metric") {
    await recordMetric(ops, metricOf(parsed.data.data, ownEnvironment));
    return success({ recorded: true });
  }
  if (!resolveAlert) throw new ApiProblem(501, "alerts cannot be resolved here");
  const { alertId, resolvedBy } = parsed.data.data;
  const found = await resolveAlert(alertId, resolvedBy);
  if (!found) throw new ApiProblem(404, "there is no such alert");
  return success({ resolved: true, alertId });
}

function metricOf(data: z.infer<typeof deployment> | z.infer<typeof figure>, ownEnvironment: string): Metric {
  const given = { ...data, environment: data.environment ?? ownEnvironment };
  if ("name" in given) return given;
  const { phase, status, duration, ...rest } = given;
  const outcome = status === "failure" ? "failed" : status;
  return { ...rest, name: "deployment", value: duration, labels: { phase, status: outcome } };
}
