import type { Db } from "mongodb";
import { z } from "zod";
import { deploymentHealth, deploymentStats, metricRows } from "../stats";
import { csvOf } from "./csv";
import { ApiProblem, plainHeaders } from "./problem";

const weekMs = 7 * 86_400_000;
const word = z
  .string()
  .regex(/^[A-Za-z][\w.-]{0,63}$/, "letters, digits, ., _ and -, at most 64, a letter first");
const moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => new Date(text));

const query = z.object({
  action: z.enum(["stats", "metrics", "health"]).default("stats"),
  environment: word.optional(),
  since: moment.optional(),
  until: moment.optional(),
  name: word.optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
  format: z.enum(["json", "csv"]).default("json"),
});

/** GET: what a query asks for, of the environment that this is part of unless it names another. */
export async function read(request: Request, ops: Db, ownEnvironment: string): Promise<Response> {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) throw notValid(parsed.error);
  const { action, environment = ownEnvironment, since, until, name, limit, format } = parsed.data;
  if (format === "csv" && action !== "metrics")
    throw new ApiProblem(400, "the request is not valid", {}, ["format: only action=metrics has csv"]);
  if (action === "health") return success(await deploymentHealth(ops, environment));
  if (action === "stats") return success(await deploymentStats(ops, { environment, since, until }));
  const from = since ?? new Date((until?.getTime() ?? Date.now()) - weekMs);
  const rows = await metricRows(ops, { environment, since: from, until, name, limit });
  if (format === "json") return success(rows);
  return new Response(csvOf(rows), {
    headers: {
      ...plainHeaders,
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="metrics-${environment}.csv"`,
    },
  });
}

export function success(data: unknown): Response {
  return Response.json({ success: true, data }, { headers: plainHeaders });
}

/** Every reason why something does not fit its schema, each with its place. */
export function notValid({ issues }: z.ZodError): ApiProblem {
  const reasons = issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message,
  );
  return new ApiProblem(400, "the request is not valid", {}, reasons);
}
