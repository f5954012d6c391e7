import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { z } from "zod";
import { OperatorError, messageOf } from "../../support";
import { machineSpecSchema, protocol, routeSchema, type HostView, type Route } from "./contract";
import type { Routes } from "./routes";
import type { Supervisor } from "./supervisor";

const largestBody = 1_000_000;

const createSchema = z.object({
  spec: machineSpecSchema,
  env: z.record(z.string(), z.string()),
  cordoned: z.boolean(),
});
const shutdownSchema = z.object({ machines: z.enum(["stop", "leave"]) });

/** What the control API reaches. */
export interface Controlled {
  supervisor: Supervisor;
  routes: Routes;
  /** Remembers the open addresses for a daemon that takes over. */
  routesChanged(routes: Route[]): void;
  shutdown(machines: "stop" | "leave"): Promise<void>;
  /** Until then nobody knows what runs, and every call waits. */
  adopted: Promise<void>;
}

type Action = (id: string, body: unknown) => Promise<unknown> | unknown;

/** The API through which commands drive the daemon: authenticated, on a socket that is this user's alone. */
export function controlServer(controlled: Controlled, token: string): Server {
  const actions = actionsOf(controlled);
  return createServer({ keepAliveTimeout: 1000, requestTimeout: 0 }, (message, response) => {
    const reply = (status: number, value: unknown) => {
      const body = JSON.stringify(value ?? {});
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    };
    const [, verb = "", id = ""] = (message.url ?? "").split("/").map(decodeURIComponent);
    const action = actions[verb];
    if (!isAllowed(message, token))
      return reply(401, { code: "control-refused", message: "wrong token", remedy: "" });
    if (!action) return reply(404, { code: "control-unknown", message: `no action ${verb}`, remedy: "" });
    read(message)
      .then((body) => controlled.adopted.then(() => body))
      .then((body) => action(id, body))
      .then((value) => reply(200, value))
      .catch((error: unknown) => reply(error instanceof OperatorError ? 409 : 500, describe(error)));
  });
}

function actionsOf({ supervisor, routes, routesChanged, shutdown }: Controlled): Record<string, Action> {
  const remember = () => routesChanged(routes.list().map(({ group, host, port }) => ({ group, host, port })));
  const view = (): HostView => ({
    protocol,
    pid: process.pid,
    machines: supervisor.list(),
    routes: routes.list(),
  });
  return {
    view,
    create: (_id, body) => {
      const { spec, env, cordoned } = createSchema.parse(body);
      supervisor.create(spec, env, { cordoned });
    },
    start: (id) => supervisor.start(id),
    stop: (id) => supervisor.stop(id),
    cordon: (id) => supervisor.cordon(id, true),
    uncordon: (id) => supervisor.cordon(id, false),
    drain: async (id) => ({ idle: await supervisor.drain(id) }),
    remove: (id) => supervisor.remove(id),
    open: async (_id, body) => {
      await routes.open(routeSchema.parse(body));
      remember();
    },
    close: async (group) => {
      await routes.close(group);
      remember();
    },
    shutdown: (_id, body) => shutdown(shutdownSchema.parse(body).machines),
  };
}

function isAllowed(message: IncomingMessage, token: string): boolean {
  const given = Buffer.from(message.headers.authorization ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function read(message: IncomingMessage): Promise<unknown> {
  let text = "";
  message.setEncoding("utf8");
  for await (const part of message) {
    text += String(part);
    if (text.length > largestBody) throw new Error("the request is too large");
  }
  return text === "" ? {} : JSON.parse(text);
}

/** Errors cross the socket as data: code, message, remedy, without the values that a parser may quote. */
function describe(error: unknown): { code: string; message: string; remedy: string } {
  if (error instanceof OperatorError) {
    const message = error.message.replace(`\n  ${error.remedy}`, "");
    return { code: error.code, message, remedy: error.remedy };
  }
  if (error instanceof z.ZodError) {
    const places = error.issues.map((issue) => issue.path.join(".")).join(", ");
    return { code: "control-malformed", message: `the request is malformed at ${places}`, remedy: "" };
  }
  return { code: "control-failed", message: messageOf(error), remedy: "" };
}
