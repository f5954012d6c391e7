import type { SecretCalls } from "../contract";
import type { Send } from "../request";
import { secretListSchema, secretsWrittenSchema } from "../schemas/secret";
import { pathOf } from "./call";

export function secretCalls(send: Send): SecretCalls {
  return {
    list: async (app, options = {}) => {
      const { value } = await send(
        {
          doing: `list the secrets of app ${app}`,
          method: "GET",
          path: pathOf("apps", app, "secrets"),
          ...(options.minVersion === undefined
            ? {}
            : { query: new URLSearchParams({ min_version: String(options.minVersion) }) }),
          repeatable: true,
          limit: { action: "list secrets", of: app },
          answer: secretListSchema,
        },
        options.signal,
      );
      return value.secrets ?? [];
    },
    write: async (app, values, options = {}) => {
      const revealed = Object.entries(values).map(([name, secret]) => [name, secret?.reveal() ?? null]);
      const { value } = await send(
        {
          doing: `write the secrets of app ${app}`,
          method: "POST",
          path: pathOf("apps", app, "secrets"),
          body: { values: Object.fromEntries(revealed) as Record<string, string | null> },
          // Written twice they are the same; only the version grows once more.
          repeatable: true,
          limit: { action: "write secrets", of: app },
          answer: secretsWrittenSchema,
        },
        options.signal,
      );
      return value;
    },
  };
}
