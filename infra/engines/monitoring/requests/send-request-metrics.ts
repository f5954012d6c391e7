import { totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "mongodb";
import { recordMetrics, type CountedFigures, type Metric } from "../metrics";
import type { RequestMetrics } from "./request-metrics";

export interface SendingOptions {
  ops: Db;
  metrics: RequestMetrics;
  environment: string;
  /** Which of the app's machines this is. */
  machine: string;
  /** How full the pool of connections to the database is, in percent. */
  poolPercent: () => number;
  /** Every ten seconds unless told otherwise. */
  everyMs?: number;
  /** How long a stop waits for the last figures to arrive; half a second unless told otherwise. */
  lastWordMs?: number;
  /** Told once for each outage why figures are kept back. */
  report?: (error: unknown) => void;
}

/** What a machine has to say of ten seconds. */
interface Batch {
  figures: Metric[];
  counted: CountedFigures[];
}

/** Five minutes of figures wait for a database that is away; older ones are lost. */
const waitAtMost = 30;

/**
 * Writes a machine's figures into the operations' database again and again. They go there, and do not wait in the machine
 * to be fetched, so that a machine that dies loses ten seconds of them and not its history.
 */
export function sendRequestMetrics(options: SendingOptions): { stop: () => Promise<void> } {
  const waiting: Batch[] = [];
  let sending: Promise<void> = Promise.resolve();
  let told = false;
  let stopped = false;
  const send = async () => {
    try {
      for (let batch = waiting[0]; batch; batch = waiting[0]) {
        await recordMetrics(options.ops, batch.figures, batch.counted);
        // A long outage may have pushed it out meanwhile.
        if (waiting[0] === batch) waiting.shift();
      }
      told = false;
    } catch (error) {
      if (!told && !stopped) options.report?.(error);
      told = true;
    }
  };
  const round = () => {
    waiting.push(batchOf(options));
    if (waiting.length > waitAtMost) waiting.shift();
    sending = sending.then(send);
  };
  const timer = setInterval(round, options.everyMs ?? 10_000).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      stopped = true;
      round();
      // Whoever stops a machine does not wait for a database that is away.
      await Promise.race([sending, sleep(options.lastWordMs ?? 500, undefined, { ref: false })]);
    },
  };
}

function batchOf({ metrics, environment, machine, poolPercent }: SendingOptions): Batch {
  const { requests, errors, meanResponseMs, p95Ms, activeSessions, durations } = metrics.take();
  const figures = {
    requests,
    errors,
    // Without a request there is no response time; a zero would make the hour look fast.
    ...(requests > 0 ? { meanResponseMs, p95Ms } : {}),
    activeSessions,
    poolPercent: poolPercent(),
    memoryPercent: (process.memoryUsage.rss() / memoryOfMachine()) * 100,
  };
  const place = { at: new Date(), environment, labels: { machine } };
  return {
    figures: Object.entries(figures).map(([name, value]) => ({ name, value, ...place })),
    counted: durations ? [{ name: "responseMs", ...place, ...durations }] : [],
  };
}

/** What this process may have: the limit of its container where there is one. */
function memoryOfMachine(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
