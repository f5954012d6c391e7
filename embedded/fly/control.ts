import { z } from "zod";
import type { Edge } from "./edge/edge";
import type { Fault, Faults } from "./faults/fault";
import type { RequestSeen } from "./dispatch";
import type { Conditions } from "./world/conditions";

const when = z.enum(["before", "after"]);
const harm = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(400).max(599),
    when: when.optional(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal("reset"), when: when.optional() }),
  z.strictObject({ kind: z.literal("slow"), ms: z.int().min(1) }),
]);
const fault = z.strictObject({
  action: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.int().min(1).optional(),
  skip: z.int().min(0).optional(),
  harm,
});
const conditions = z.strictObject({
  lagMs: z.int().min(0).optional(),
  hostsClosed: z.boolean().optional(),
  room: z.record(z.string(), z.int().min(0)).optional(),
});

const prefix = "/stand-in/";

export interface Controlled {
  edge: Edge;
  faults: Faults;
  conditions: Conditions;
  requests: readonly RequestSeen[];
}

/**
 * What Fly does not have: the address before an app's machines, and orders for faults, for programs that are not in the
 * process of the stand-in. Undefined for any other request.
 */
export async function control(request: Request, controlled: Controlled): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(prefix)) return undefined;
  const [what = "", name = ""] = pathname.slice(prefix.length).split("/");
  const { edge, faults } = controlled;
  switch (`${request.method} ${what}`) {
    case "GET apps":
      return Response.json({ name, url: await edge.address(name) });
    case "GET requests":
      return Response.json(controlled.requests.slice(Number(name || 0)));
    case "POST faults":
      return ordered(fault, request, (order) => void faults.add(faultOf(order)));
    case "DELETE faults":
      faults.clear();
      return new Response(null, { status: 204 });
    case "POST conditions":
      return ordered(conditions, request, (order) => change(controlled.conditions, order));
    default:
      return Response.json({ error: `there is no ${request.method} ${pathname}` }, { status: 404 });
  }
}

async function ordered<T>(
  schema: z.ZodType<T>,
  request: Request,
  obey: (order: T) => void,
): Promise<Response> {
  const order = schema.safeParse(await request.json().catch(() => undefined));
  if (!order.success) return Response.json({ error: z.prettifyError(order.error) }, { status: 400 });
  obey(order.data);
  return new Response(null, { status: 204 });
}

function faultOf({ path, harm: given, action, method, times, skip }: z.infer<typeof fault>): Fault {
  return {
    ...(path === undefined ? {} : { path: new RegExp(path) }),
    ...(action === undefined ? {} : { action }),
    ...(method === undefined ? {} : { method }),
    ...(times === undefined ? {} : { times }),
    ...(skip === undefined ? {} : { skip }),
    harm: given as Fault["harm"],
  };
}

function change(now: Conditions, { lagMs, hostsClosed, room }: z.infer<typeof conditions>): void {
  now.lagMs = lagMs ?? now.lagMs;
  now.hostsClosed = hostsClosed ?? now.hostsClosed;
  for (const [region, left] of Object.entries(room ?? {})) now.room.set(region, left);
}
