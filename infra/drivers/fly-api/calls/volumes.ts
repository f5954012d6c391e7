import { z } from "zod";
import type { VolumeCalls } from "../contract";
import type { Send } from "../request";
import { extendedSchema, snapshotSchema, volumeSchema } from "../schemas/volume";
import { doneSchema, orMissing, pathOf } from "./call";

export function volumeCalls(send: Send): VolumeCalls {
  const place = (app: string, ...more: string[]) => pathOf("apps", app, "volumes", ...more);
  return {
    list: async (app, options = {}) => {
      const { value } = await send(
        {
          doing: `list the volumes of app ${app}`,
          method: "GET",
          path: place(app),
          repeatable: true,
          limit: { action: "list volumes", of: app },
          answer: z.array(volumeSchema).nullable(),
        },
        options.signal,
      );
      return value ?? [];
    },
    get: async (app, id, options = {}) => {
      const asked = send(
        {
          doing: `show volume ${id} of app ${app}`,
          method: "GET",
          path: place(app, id),
          repeatable: true,
          limit: { action: "look volume", of: id },
          answer: volumeSchema,
        },
        options.signal,
      );
      return (await orMissing(asked))?.value;
    },
    create: async (app, creation, options = {}) => {
      const { value } = await send(
        {
          doing: `create volume ${creation.name} of app ${app}`,
          method: "POST",
          path: place(app),
          body: creation,
          repeatable: false,
          limit: { action: "create volume", of: app },
          answer: volumeSchema,
        },
        options.signal,
      );
      return value;
    },
    extend: async (app, id, sizeGb, options = {}) => {
      const { value } = await send(
        {
          doing: `extend volume ${id} of app ${app} to ${sizeGb} GB`,
          method: "PUT",
          path: place(app, id, "extend"),
          body: { size_gb: sizeGb },
          repeatable: true,
          limit: { action: "extend volume", of: id },
          answer: extendedSchema,
        },
        options.signal,
      );
      return { volume: value.volume, needsRestart: value.needs_restart ?? false };
    },
    delete: async (app, id, options = {}) => {
      await orMissing(
        send(
          {
            doing: `delete volume ${id} of app ${app}`,
            method: "DELETE",
            path: place(app, id),
            repeatable: true,
            limit: { action: "delete volume", of: id },
            answer: doneSchema,
          },
          options.signal,
        ),
      );
    },
    snapshots: async (app, id, options = {}) => {
      const { value } = await send(
        {
          doing: `list the snapshots of volume ${id} of app ${app}`,
          method: "GET",
          path: place(app, id, "snapshots"),
          repeatable: true,
          limit: { action: "list snapshots", of: id },
          answer: z.array(snapshotSchema).nullable(),
        },
        options.signal,
      );
      return value ?? [];
    },
    takeSnapshot: async (app, id, options = {}) => {
      await send(
        {
          doing: `take a snapshot of volume ${id} of app ${app}`,
          method: "POST",
          path: place(app, id, "snapshots"),
          repeatable: false,
          limit: { action: "take snapshot", of: id },
          answer: doneSchema,
        },
        options.signal,
      );
    },
  };
}
