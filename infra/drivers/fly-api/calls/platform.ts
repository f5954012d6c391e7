import type { PlatformCalls } from "../contract";
import type { Send } from "../request";
import { placementsSchema, regionsSchema } from "../schemas/fly-app";

export function platformCalls(send: Send): PlatformCalls {
  return {
    regions: async (options = {}) => {
      const { value } = await send(
        {
          doing: "list the regions",
          method: "GET",
          path: "/platform/regions",
          repeatable: true,
          limit: { action: "list regions", of: "" },
          answer: regionsSchema,
        },
        options.signal,
      );
      return value;
    },
    placements: async (question, options = {}) => {
      const { value } = await send(
        {
          doing: `look for room in ${question.region ?? "any region"}`,
          method: "POST",
          path: "/platform/placements",
          body: question,
          repeatable: true,
          limit: { action: "look for room", of: question.org_slug },
          answer: placementsSchema,
        },
        options.signal,
      );
      return value.regions ?? [];
    },
  };
}
