import type { ReleaseCalls } from "../contract";
import type { Send } from "../request";
import { begunReleaseSchema } from "../schemas/release";
import { doneSchema, pathOf } from "./call";

export function releaseCalls(send: Send): ReleaseCalls {
  return {
    begin: async (app, { image, strategy, definition }, options = {}) => {
      const { value } = await send(
        {
          doing: `note a release of ${app}`,
          method: "POST",
          at: "platform",
          path: "/api/v1/releases",
          body: { app_name: app, build_id: 0, definition, image, strategy: strategy.toUpperCase() },
          repeatable: false,
          limit: { action: "write release", of: app },
          answer: begunReleaseSchema,
        },
        options.signal,
      );
      return value;
    },
    end: async (id, status, options = {}) => {
      await send(
        {
          doing: `note the end of release ${id}`,
          method: "PATCH",
          at: "platform",
          path: `/api/v1${pathOf("releases", id)}`,
          body: { status },
          repeatable: true,
          limit: { action: "write release", of: id },
          answer: doneSchema,
        },
        options.signal,
      );
    },
  };
}
