import { anySignal } from "../../infra/support";
import type { MongoClient } from "mongodb";
import { connect, opsDatabaseName, type DatabaseAddress } from "../../infra/drivers/mongo";
import {
  AppClient,
  CheckFailure,
  guidesThresholds,
  measuredBefore,
  slowdownOf,
  validatorsHold,
  watchTraffic,
} from "../../infra/engines/health";
import { newestDone, slowFrom, type LiveFigures } from "../../infra/engines/release";

const asked = 40;
const patienceMs = 3000;
const paths = ["/api/health", "/api/characters"];

interface LiveLook {
  url: string;
  address: DatabaseAddress;
  /** Documents of each collection that are held against its validator. */
  sample: number;
  /** How long it is asked to compare it with the version before; only where that one was measured. */
  watchMs: number;
  signal: AbortSignal;
}

/** Looks at the app that runs the way its players do, and at whether its data keeps the rules of its collections. */
export async function liveFigures(look: LiveLook): Promise<LiveFigures> {
  const { url, address, sample, signal } = look;
  const answered = await askedFor(url, signal);
  const failed = answered.filter((ok) => !ok).length;
  const answers = answered.some((ok) => ok !== null);
  const seen = { answers, errorRate: failed / answered.length };
  const client = await connect(address, "migration", { signal, appName: "dnd-rollback" }).catch(() => null);
  if (!client) return { ...seen, slowdown: null, corruption: null };
  try {
    const corruption = await brokenRule(client, address.name, sample);
    return { ...seen, corruption, slowdown: answers ? await slower(client, look) : null };
  } finally {
    await client.close();
  }
}

/** Of each request whether it was served; null where nothing answered at all. */
async function askedFor(url: string, signal: AbortSignal): Promise<(boolean | null)[]> {
  const all = Array.from({ length: asked }, (_, n) => new URL(paths[n % paths.length] ?? "/", url));
  return Promise.all(
    all.map(async (address) => {
      try {
        const limit = anySignal([signal, AbortSignal.timeout(patienceMs)]);
        const { status } = await fetch(address, { signal: limit });
        return status < 500;
      } catch {
        signal.throwIfAborted();
        return null;
      }
    }),
  );
}

/** Against what a verification has kept of the version before, asked for in the same way. */
async function slower(client: MongoClient, { url, address, watchMs, signal }: LiveLook) {
  const ops = client.db(opsDatabaseName(address.name));
  const running = await newestDone(ops);
  const { traffic: before } = await measuredBefore(ops, running?.image.digest);
  if (!before) return null;
  const app = new AppClient(url, signal);
  const look = async () =>
    slowdownOf(before, await watchTraffic(app, watchMs, guidesThresholds, () => undefined));
  const first = await look();
  if (first === null || first <= slowFrom) return first;
  // Whatever else the machine does slows an app for a moment: a version that is slow is so twice.
  const second = await look();
  return second === null ? first : Math.min(first, second);
}

/** Which documents break the rules of their collections; null where none was found, or the server would not say. */
async function brokenRule(client: MongoClient, name: string, sample: number): Promise<string | null> {
  try {
    await validatorsHold(client.db(name), sample);
    return null;
  } catch (error) {
    return error instanceof CheckFailure ? error.message : null;
  }
}
