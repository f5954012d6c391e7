import type { CallOptions, LogCalls, LogPage } from "../contract";
import type { Send } from "../request";
import { logPageSchema } from "../schemas/log";
import { pathOf } from "./call";

const mostPages = 5;

export function logCalls(send: Send): LogCalls {
  const ask = async (
    app: string,
    machine: string | undefined,
    after: string | null,
    { signal }: CallOptions,
  ): Promise<LogPage> => {
    const query = new URLSearchParams({
      ...(machine === undefined ? {} : { instance: machine }),
      ...(after ? { next_token: after } : {}),
    });
    const { value } = await send(
      {
        doing: `show the log of ${machine === undefined ? "app" : `machine ${machine} of`} ${app}`,
        method: "GET",
        at: "platform",
        path: `/api/v1${pathOf("apps", app, "logs")}`,
        query,
        repeatable: true,
        limit: { action: "look log", of: machine ?? app },
        answer: logPageSchema,
      },
      signal,
    );
    return { lines: value.data, next: value.meta?.next_token || null };
  };
  return {
    page: (app, { machine, after, ...options } = {}) => ask(app, machine, after ?? null, options),
    tail: async (app, machine, { lines, ...options }) => {
      const read: string[] = [];
      let token: string | null = null;
      for (let page = 0; page < mostPages; page++) {
        const { lines: found, next }: LogPage = await ask(app, machine, token, options);
        read.push(...found.map(({ message }) => message));
        token = next;
        if (found.length === 0 || token === null) break;
      }
      return read.slice(-lines);
    },
  };
}
