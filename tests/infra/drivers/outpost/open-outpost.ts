import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exchange } from "../../../../infra/drivers/outpost";
import { Outpost, type OutpostTimes } from "../../../../infra/drivers/outpost/outpost";
import { serveOutpost } from "../../../../infra/drivers/outpost/serve";
import { OperatorError } from "../../../../infra/support";

export type Work = (...args: never[]) => unknown;

/** As a machine does it that hands a request to the outpost beside it. */
export function exchangeOver(socket: string): (request: string) => Promise<string> {
  return (request) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const connection: Socket = connect(socket, () => connection.end(request));
      connection.on("data", (chunk) => chunks.push(chunk));
      connection.on("error", reject);
      connection.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
}

/** One way to an outpost, which may be cut. */
export interface Way {
  exchange: Exchange;
  outpost: Outpost;
  requests: string[];
  /** What becomes of each exchange from now on. */
  meddle: (exchange: () => Promise<string>) => Promise<string>;
  /** Nobody comes by it any more: the process is gone. */
  leave(): Promise<void>;
}

/** An outpost in this process, and ways to it. */
export class TestOutpost {
  readonly offers: Record<string, Work> = { hello: () => undefined };
  readonly dialled: Socket[] = [];
  served: Promise<void> | undefined;
  readonly #ways: Way[] = [];

  private constructor(private readonly folder: string) {}

  static async open(
    idleMs: number,
    reached: number | ((uri: string) => Promise<Socket>) = 0,
  ): Promise<TestOutpost> {
    const one = new TestOutpost(await mkdtemp(join(tmpdir(), "dnd-outpost-")));
    one.served = serveOutpost({
      socket: one.socket,
      offered: (name) => one.offers[name],
      dial: async (uri) => {
        const socket = typeof reached === "number" ? connect(reached, "127.0.0.1") : await reached(uri);
        one.dialled.push(socket);
        return socket;
      },
      idleMs,
    });
    return one;
  }

  async way(times: OutpostTimes = { lostAfterMs: 800, quietMs: 100 }): Promise<Way> {
    const way = this.wayOnly();
    way.outpost = await Outpost.at(
      { called: "machine 1", exchange: way.exchange, greeting: { env: {} } },
      times,
    );
    return way;
  }

  /** One that nobody has taken yet. */
  wayOnly(): Way {
    const over = exchangeOver(this.socket);
    const way: Way = {
      exchange: (request) => {
        way.requests.push(request);
        return way.meddle(() => over(request));
      },
      outpost: undefined as never,
      requests: [],
      meddle: (go) => go(),
      leave: async () => {
        way.meddle = () => Promise.reject(gone());
        await new Promise((resolve) => way.outpost.over.addEventListener("abort", resolve));
      },
    };
    this.#ways.push(way);
    return way;
  }

  async close(): Promise<void> {
    for (const way of this.#ways) way.meddle = () => Promise.reject(gone());
    await this.served;
    await rm(this.folder, { recursive: true });
  }

  private get socket(): string {
    return join(this.folder, "one.sock");
  }
}

function gone(): OperatorError {
  return new OperatorError({ code: "outpost-ended", message: "it ended", remedy: "" });
}
