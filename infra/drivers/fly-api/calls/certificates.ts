import type { CertificateCalls } from "../contract";
import type { Call, Send } from "../request";
import {
  certificateListSchema,
  certificateSchema,
  type CertificateSummary,
  type FlyCertificate,
} from "../schemas/certificate";
import { doneSchema, orMissing, pathOf } from "./call";

const mostPages = 50;

export function certificateCalls(send: Send): CertificateCalls {
  const place = (app: string, ...more: string[]) => pathOf("apps", app, "certificates", ...more);
  const write = (
    app: string,
    hostname: string,
    doing: string,
    call: Pick<Call<FlyCertificate>, "path" | "body">,
    signal?: AbortSignal,
  ) =>
    send(
      {
        doing: `${doing} for ${hostname} of app ${app}`,
        method: "POST",
        repeatable: true,
        limit: { action: doing, of: app },
        answer: certificateSchema,
        ...call,
      },
      signal,
    ).then(({ value }) => value);

  const remove = async (app: string, hostname: string, path: string, signal?: AbortSignal) => {
    await orMissing(
      send(
        {
          doing: `delete the certificate for ${hostname} of app ${app}`,
          method: "DELETE",
          path,
          repeatable: true,
          limit: { action: "delete certificate", of: app },
          answer: doneSchema,
        },
        signal,
      ),
    );
  };

  return {
    list: (app, options = {}) => listAll(send, app, options.signal),
    get: async (app, hostname, options = {}) => {
      const asked = send(
        {
          doing: `show the certificate for ${hostname} of app ${app}`,
          method: "GET",
          path: place(app, hostname),
          repeatable: true,
          limit: { action: "look certificate", of: app },
          answer: certificateSchema,
        },
        options.signal,
      );
      return (await orMissing(asked))?.value;
    },
    request: (app, hostname, options = {}) =>
      write(
        app,
        hostname,
        "request a certificate",
        { path: place(app, "acme"), body: { hostname } },
        options.signal,
      ),
    upload: (app, hostname, own, options = {}) =>
      write(
        app,
        hostname,
        "take the certificate",
        {
          path: place(app, "custom"),
          body: { hostname, fullchain: own.chain, private_key: own.key.reveal() },
        },
        options.signal,
      ),
    check: (app, hostname, options = {}) =>
      write(app, hostname, "check the certificate", { path: place(app, hostname, "check") }, options.signal),
    delete: (app, hostname, options = {}) => remove(app, hostname, place(app, hostname), options.signal),
    deleteOwn: (app, hostname, options = {}) =>
      remove(app, hostname, place(app, hostname, "custom"), options.signal),
  };
}

async function listAll(send: Send, app: string, signal?: AbortSignal): Promise<CertificateSummary[]> {
  const found: CertificateSummary[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { value } = await send(
      {
        doing: `list the certificates of app ${app}`,
        method: "GET",
        path: pathOf("apps", app, "certificates"),
        ...(cursor ? { query: new URLSearchParams({ cursor }) } : {}),
        repeatable: true,
        limit: { action: "list certificates", of: app },
        answer: certificateListSchema,
      },
      signal,
    );
    found.push(...(value.certificates ?? []));
    cursor = value.next_cursor ?? undefined;
    if (!cursor) break;
  }
  return found;
}
