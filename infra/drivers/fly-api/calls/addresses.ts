import type { AddressCalls } from "../contract";
import type { Send } from "../request";
import { addressListSchema, addressSchema } from "../schemas/address";
import { doneSchema, orMissing, pathOf } from "./call";

export function addressCalls(send: Send): AddressCalls {
  const place = (app: string, ...more: string[]) => pathOf("apps", app, "ip_assignments", ...more);
  return {
    list: async (app, options = {}) => {
      const { value } = await send(
        {
          doing: `list the addresses of app ${app}`,
          method: "GET",
          path: place(app),
          repeatable: true,
          limit: { action: "list addresses", of: app },
          answer: addressListSchema,
        },
        options.signal,
      );
      return value.ips ?? [];
    },
    assign: async (app, wish, options = {}) => {
      const { value } = await send(
        {
          doing: `assign a ${wish.type} address to app ${app}`,
          method: "POST",
          path: place(app),
          body: wish,
          // Only the shared address is the same one every time; any other would be paid for twice.
          repeatable: wish.type === "shared_v4",
          limit: { action: "assign address", of: app },
          answer: addressSchema,
        },
        options.signal,
      );
      return value;
    },
    release: async (app, ip, options = {}) => {
      await orMissing(
        send(
          {
            doing: `release the address ${ip} of app ${app}`,
            method: "DELETE",
            path: place(app, ip),
            repeatable: true,
            limit: { action: "release address", of: app },
            answer: doneSchema,
          },
          options.signal,
        ),
      );
    },
  };
}
