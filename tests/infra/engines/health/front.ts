import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What a front does to one request: an answer of its own, other headers, or a pause. */
export interface Tampering {
  answer?: { status: number; body: object };
  headers?: Record<string, string>;
  pauseMs?: number;
}

/** A server before an app that shows it other than it is. */
export async function tamperedFront(
  url: string,
  tamper: (method: string, path: string, count: number) => Tampering,
) {
  let count = 0;
  const server = createServer((message, response) => {
    void (async () => {
      const { method = "GET", url: path = "/" } = message;
      const { answer, headers = {}, pauseMs = 0 } = tamper(method, path, count++);
      await sleep(pauseMs);
      const chunks: Buffer[] = [];
      for await (const chunk of message) chunks.push(chunk as Buffer);
      if (answer) {
        response.writeHead(answer.status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(answer.body));
        return;
      }
      const body = Buffer.concat(chunks);
      const passed = await fetch(url + path, {
        method,
        ...(body.length > 0 ? { body, headers: { "content-type": "application/json" } } : {}),
      });
      const wanted = ["content-type", "x-app-version", "x-machine-id", "x-image-digest"];
      const own = [...passed.headers].filter(([name]) => wanted.includes(name));
      response.writeHead(passed.status, { ...Object.fromEntries(own), ...headers });
      response.end(Buffer.from(await passed.arrayBuffer()));
    })().catch((error: unknown) => {
      // A client that goes away in the middle is what some tests want; everything else is a mistake here.
      if (!message.destroyed) response.destroy(error as Error);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
