import type { AppCalls } from "../contract";
import { publishedRates } from "../limiter";
import type { Send } from "../request";
import { appListSchema, appSchema, createdAppSchema, type FlyAppView } from "../schemas/fly-app";
import { doneSchema, orMissing, pathOf } from "./call";

const mostPages = 50;

export function appCalls(send: Send): AppCalls {
  return {
    get: async (app, options = {}) => {
      const asked = send(
        {
          doing: `show app ${app}`,
          method: "GET",
          path: pathOf("apps", app),
          repeatable: true,
          limit: { action: "look app", of: app },
          answer: appSchema,
        },
        options.signal,
      );
      return (await orMissing(asked))?.value;
    },
    list: async (organization, options = {}) => {
      const found: FlyAppView[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const query = new URLSearchParams({ org_slug: organization, ...(cursor ? { cursor } : {}) });
        const { value } = await send(
          {
            doing: `list the apps of organization ${organization}`,
            method: "GET",
            path: "/apps",
            query,
            repeatable: true,
            limit: { action: "list apps", of: organization },
            answer: appListSchema,
          },
          options.signal,
        );
        found.push(...(value.apps ?? []));
        cursor = value.next_cursor ?? undefined;
        if (!cursor) break;
      }
      return found;
    },
    create: async (creation, options = {}) => {
      const { value } = await send(
        {
          doing: `create app ${creation.name}`,
          method: "POST",
          path: "/apps",
          body: creation,
          repeatable: creation.idempotency_key !== undefined,
          limit: { action: "create app", of: creation.org_slug },
          answer: createdAppSchema,
        },
        options.signal,
      );
      return value?.id;
    },
    delete: async (app, options = {}) => {
      await orMissing(
        send(
          {
            doing: `delete app ${app}`,
            method: "DELETE",
            path: pathOf("apps", app),
            repeatable: true,
            limit: { action: "delete app", of: "", rate: publishedRates.deletion },
            answer: doneSchema,
          },
          options.signal,
        ),
      );
    },
  };
}
