import { z } from "zod";
import type { MachineCalls } from "../contract";
import type { Send } from "../request";
import { doneSchema, orMissing, pathOf } from "./call";

type MetadataCalls = Pick<MachineCalls, "metadata" | "setMetadata" | "deleteMetadata">;

/** Metadata can change without a new version, lease or restart. */
export function metadataCalls(send: Send): MetadataCalls {
  const place = (app: string, id: string, ...key: string[]) =>
    pathOf("apps", app, "machines", id, "metadata", ...key);
  return {
    metadata: async (app, id, options = {}) => {
      const { value } = await send(
        {
          doing: `show the metadata of machine ${id} of app ${app}`,
          method: "GET",
          path: place(app, id),
          repeatable: true,
          limit: { action: "look metadata", of: id },
          answer: z.record(z.string(), z.string()).nullable(),
        },
        options.signal,
      );
      return value ?? {};
    },
    setMetadata: async (app, id, key, text, options = {}) => {
      await send(
        {
          doing: `set metadata ${key} of machine ${id} of app ${app}`,
          method: "POST",
          path: place(app, id, key),
          body: { value: text },
          repeatable: true,
          limit: { action: "set metadata", of: id },
          answer: doneSchema,
        },
        options.signal,
      );
    },
    deleteMetadata: async (app, id, key, options = {}) => {
      await orMissing(
        send(
          {
            doing: `delete metadata ${key} of machine ${id} of app ${app}`,
            method: "DELETE",
            path: place(app, id, key),
            repeatable: true,
            limit: { action: "delete metadata", of: id },
            answer: doneSchema,
          },
          options.signal,
        ),
      );
    },
  };
}
