import type { LogCalls } from "../contract";
import type { Send } from "../request";
import { logPageSchema } from "../schemas/log";
import { pathOf } from "./call";

const mostPages = 5;

export function logCalls(send: Send): LogCalls {
  return {
    tail: async (app, machine, { lines, signal }) => {
      const read: string[] = [];
      let token = "";
      for (let page = 0; page < mostPages; page++) {
        const query = new URLSearchParams({ instance: machine, ...(token ? { next_token: token } : {}) });
        const { value } = await send(
          {
            doing: `show the log of machine ${machine} of ${app}`,
            method: "GET",
            at: "platform",
            path: `/api/v1${pathOf("apps", app, "logs")}`,
            query,
            repeatable: true,
            limit: { action: "look log", of: machine },
            answer: logPageSchema,
          },
          signal,
        );
        read.push(...value.data);
        token = value.meta?.next_token ?? "";
        if (value.data.length === 0 || token === "") break;
      }
      return read.slice(-lines);
    },
  };
}
