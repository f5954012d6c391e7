import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { requestMetrics } from "../infra/engines/monitoring";
import { OperatorError } from "../infra/support";
import { app } from "./app";
import { Database } from "./database";
import { sendRequestFigures } from "./monitoring";
import type { AppSettings } from "./settings";

/** The app as it runs: where it answers, and how it is stopped. */
export interface RunningApp {
  port: number;
  /** Answers what is under way, takes nothing new, closes the database. True when nothing had to be cut off. */
  stop: () => Promise<boolean>;
}

/** Listens at once, whether the database is there or not. */
export async function startApp(settings: AppSettings, log: Logger): Promise<RunningApp> {
  const database = new Database(settings.MONGODB_URI, settings.MONGODB_DB_NAME, log);
  const metrics = requestMetrics();
  const leaving = new AbortController();
  let stopping: Promise<boolean> | undefined;
  const server = createServer(
    // A router in front keeps its connections for a minute: the app must not be the first to close one.
    { keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000 },
    app(settings, database, { log, metrics, stopping: leaving.signal }),
  );
  await listen(server, settings);
  const figures = sendRequestFigures(settings, database, metrics, log);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop: () => {
      leaving.abort();
      stopping ??= finish(server, settings)
        .finally(figures.stop)
        .finally(() => database.close());
      return stopping;
    },
  };
}

async function listen(server: Server, settings: AppSettings): Promise<void> {
  server.listen(settings.PORT, settings.HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new OperatorError({
      code: "app-port-taken",
      message: `the app cannot listen on ${settings.HOST}:${settings.PORT} (${(error as NodeJS.ErrnoException).code})`,
      remedy: "Stop what listens there, or set PORT to another one.",
      cause: error,
    });
  }
}

async function finish(server: Server, settings: AppSettings): Promise<boolean> {
  let clean = true;
  // Whoever routes to this machine sees it leave, and connections that wait are ended by an answer, not by a cut.
  await sleep(settings.STOP_DELAY_MS);
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    clean = false;
    server.closeAllConnections();
  }, settings.STOP_TIMEOUT_MS);
  await closed;
  clearTimeout(cut);
  return clean;
}
