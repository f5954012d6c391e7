import { z } from "zod";
import type { CallOptions, GuardedOptions, MachineCalls, MachineFilter } from "../contract";
import { publishedRates } from "../limiter";
import type { Call, Send } from "../request";
import { doneSchema, orMissing, pathOf } from "./call";
import { waitAt } from "./wait";
import { metadataCalls } from "./metadata";
import {
  eventSchema,
  executedSchema,
  machineSchema,
  processSchema,
  versionSchema,
  type FlyMachine,
} from "../schemas/machine";

const pageSize = 1000;
const mostPages = 50;

export function machineCalls(send: Send): MachineCalls {
  const verb = (
    name: string,
    app: string,
    id: string,
    options: GuardedOptions = {},
    more: Partial<Call<unknown>> = {},
  ) =>
    send(
      {
        doing: `${name} machine ${id} of app ${app}`,
        method: "POST",
        path: pathOf("apps", app, "machines", id, name),
        nonce: options.nonce,
        repeatable: true,
        limit: { action: name, of: id },
        answer: doneSchema,
        ...more,
      },
      options.signal,
    ).then(() => undefined);
  const look = <T>(what: string, app: string, id: string, answer: z.ZodType<T>, options: CallOptions = {}) =>
    send(
      {
        doing: `show ${what || "machine"} of ${id} of app ${app}`,
        method: "GET",
        path: pathOf("apps", app, "machines", id, ...(what ? [what] : [])),
        repeatable: true,
        limit: { action: `look ${what}`, of: id, rate: publishedRates.look },
        answer,
      },
      options.signal,
    ).then(({ value }) => value);

  return {
    list: (app, filter = {}) => listAll(send, app, filter),
    get: (app, id, options) => orMissing(look("", app, id, machineSchema, options)),
    create: async (app, creation, options = {}) => {
      const call: Call<FlyMachine> = {
        doing: `create machine ${creation.name ?? ""} of app ${app}`.replace("  ", " "),
        method: "POST",
        path: pathOf("apps", app, "machines"),
        body: creation,
        repeatable: false,
        limit: { action: "create", of: app },
        answer: machineSchema,
      };
      return (await send(call, options.signal)).value;
    },
    update: async (app, id, change, options = {}) => {
      const call: Call<FlyMachine> = {
        doing: `update machine ${id} of app ${app}`,
        method: "POST",
        path: pathOf("apps", app, "machines", id),
        body: change,
        nonce: options.nonce,
        fenced: change.current_version !== undefined,
        repeatable: false,
        limit: { action: "update", of: id },
        answer: machineSchema,
      };
      return (await send(call, options.signal)).value;
    },
    start: (app, id, options) => verb("start", app, id, options),
    stop: (app, id, options = {}) => verb("stop", app, id, options, { body: stopBody(options) }),
    suspend: (app, id, options) => verb("suspend", app, id, options),
    restart: (app, id, options) => verb("restart", app, id, options, { repeatable: false }),
    signal: (app, id, name, options) =>
      verb("signal", app, id, options, { body: { signal: name }, repeatable: false }),
    cordon: (app, id, options) => verb("cordon", app, id, options),
    uncordon: (app, id, options) => verb("uncordon", app, id, options),
    destroy: async (app, id, options = {}) => {
      await orMissing(
        verb("destroy", app, id, options, {
          method: "DELETE",
          path: pathOf("apps", app, "machines", id),
          ...(options.force ? { query: new URLSearchParams({ force: "true" }) } : {}),
        }),
      );
    },
    wait: (app, id, wish) => waitAt(send, app, id, wish),
    events: (app, id, options) => look("events", app, id, z.array(eventSchema), options),
    versions: (app, id, options) => look("versions", app, id, z.array(versionSchema), options),
    processes: (app, id, options) => look("ps", app, id, z.array(processSchema), options),
    exec: async (app, id, command, options = {}) => {
      const timeoutMs = options.timeoutMs ?? 30_000;
      const { value } = await send(
        {
          doing: `run a command on machine ${id} of app ${app}`,
          method: "POST",
          path: pathOf("apps", app, "machines", id, "exec"),
          body: {
            command,
            timeout: Math.ceil(timeoutMs / 1000),
            ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
          },
          nonce: options.nonce,
          repeatable: false,
          limit: { action: "exec", of: id },
          answer: executedSchema,
          patienceMs: timeoutMs,
        },
        options.signal,
      );
      return value;
    },
    ...metadataCalls(send),
  };
}

/** All pages: newer editions of the API cut long lists and name the next page in a header. */
async function listAll(send: Send, app: string, filter: MachineFilter): Promise<FlyMachine[]> {
  const found: FlyMachine[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { value, headers } = await send(
      {
        doing: `list the machines of app ${app}`,
        method: "GET",
        path: pathOf("apps", app, "machines"),
        query: listQuery(filter, cursor),
        repeatable: true,
        limit: { action: "list", of: app },
        answer: z.array(machineSchema).nullable(),
      },
      filter.signal,
    );
    found.push(...(value ?? []));
    cursor = headers.get("fly-next-cursor") ?? undefined;
    if (!cursor) break;
  }
  return found.filter((machine) => hasMetadata(machine, filter.metadata ?? {}));
}

function listQuery(
  { includeDeleted, includeLeases, region, metadata = {} }: MachineFilter,
  cursor?: string,
): URLSearchParams {
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (includeDeleted) query.set("include_deleted", "true");
  if (includeLeases) query.set("include_leases", "true");
  if (region) query.set("region", region);
  for (const [key, value] of Object.entries(metadata)) query.set(`metadata.${key}`, value);
  if (cursor) query.set("cursor", cursor);
  return query;
}

/** Older editions of the API know no filter by metadata and answer with all. */
function hasMetadata(machine: FlyMachine, wanted: Record<string, string>): boolean {
  const metadata = (machine.config ?? machine.incomplete_config)?.metadata ?? {};
  return Object.entries(wanted).every(([key, value]) => metadata[key] === value);
}

function stopBody({ stopSignal, graceMs }: { stopSignal?: string; graceMs?: number }): object {
  return {
    ...(stopSignal ? { signal: stopSignal } : {}),
    ...(graceMs === undefined ? {} : { timeout: `${Math.ceil(graceMs / 1000)}s` }),
  };
}
