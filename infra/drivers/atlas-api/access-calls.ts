import { z } from "zod";
import type { AccessCalls, CallOptions } from "./contract";
import { AtlasNotFound } from "./errors";
import { pathOf } from "./path";
import type { Send } from "./request";
import { type AccessEntry, accessPageSchema, accessStateSchema } from "./schemas";

const version = "2023-01-01";
const pageSize = 500;

export function accessCalls(send: Send): AccessCalls {
  const place = (project: string, ...more: string[]) => pathOf("groups", project, "accessList", ...more);
  const page = (project: string, number: number, options?: CallOptions) =>
    send(
      {
        doing: "show who may connect",
        method: "GET",
        path: `${place(project)}?itemsPerPage=${pageSize}&pageNum=${number}`,
        version,
        right: "Project Read Only",
        answer: accessPageSchema,
      },
      options,
    );
  return {
    list: async (project, options) => {
      const entries: AccessEntry[] = [];
      for (let number = 1; ; number++) {
        const { results = [] } = await page(project, number, options);
        entries.push(...results);
        if (results.length < pageSize) return entries;
      }
    },
    add: async (project, { address, expiresAt, comment }, options) => {
      await send(
        {
          doing: `let ${address} in`,
          method: "POST",
          path: place(project),
          version,
          body: [{ ipAddress: address, deleteAfterDate: expiresAt.toISOString(), comment }],
          right: "Project Owner",
          answer: z.unknown(),
        },
        options,
      );
    },
    state: async (project, address, options) => {
      const { STATUS } = await send(
        {
          doing: `show whether ${address} may connect yet`,
          method: "GET",
          path: place(project, address, "status"),
          version,
          right: "Project Read Only",
          answer: accessStateSchema,
        },
        options,
      );
      return STATUS;
    },
    remove: async (project, address, options) => {
      try {
        await send(
          {
            doing: `take ${address} off the access list`,
            method: "DELETE",
            path: place(project, address),
            version,
            right: "Project Owner",
            answer: z.unknown(),
          },
          options,
        );
      } catch (error) {
        if (!(error instanceof AtlasNotFound)) throw error;
      }
    },
  };
}
