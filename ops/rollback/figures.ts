import { connect, type DatabaseAddress } from "../../infra/drivers/mongo";
import type { LiveFigures } from "../../infra/engines/release";

const asked = 40;
const patienceMs = 3000;
const scanMs = 5000;
const paths = ["/api/health", "/api/characters"];

/** Looks at the app that runs the way its players do, and at whether its data keeps the rules of its collections. */
export async function liveFigures(
  url: string,
  address: DatabaseAddress,
  signal: AbortSignal,
): Promise<LiveFigures> {
  const [answers, corruption] = await Promise.all([askedFor(url, signal), brokenRule(address, signal)]);
  const failed = answers.filter((ok) => !ok).length;
  return {
    answers: answers.some((ok) => ok !== null),
    errorRate: failed / answers.length,
    // Nobody has measured the version before under the same load: that row of the matrix needs the monitoring's figures.
    slowdown: null,
    corruption,
  };
}

/** Of each request whether it was served; null where nothing answered at all. */
async function askedFor(url: string, signal: AbortSignal): Promise<(boolean | null)[]> {
  const all = Array.from({ length: asked }, (_, n) => new URL(paths[n % paths.length] ?? "/", url));
  return Promise.all(
    all.map(async (address) => {
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
        const { status } = await fetch(address, { signal: limit });
        return status < 500;
      } catch {
        signal.throwIfAborted();
        return null;
      }
    }),
  );
}

/** The first document that breaks the validator of its collection, in words; null where none was found in time. */
async function brokenRule(address: DatabaseAddress, signal: AbortSignal): Promise<string | null> {
  const client = await connect(address, "migration", { signal, appName: "dnd-rollback" }).catch(() => null);
  if (!client) return null;
  try {
    const db = client.db(address.name);
    for (const { name, options } of await db.listCollections<Collection>({}, { nameOnly: false }).toArray()) {
      const rules = options?.validator;
      if (!rules || Object.keys(rules).length === 0) continue;
      const broken = await db
        .collection(name)
        .findOne({ $nor: [rules] }, { projection: { _id: 1 }, maxTimeMS: scanMs })
        .catch(() => null);
      if (broken) return `${name} holds a document that breaks its own rules (${String(broken._id)})`;
    }
    return null;
  } finally {
    await client.close();
  }
}

interface Collection {
  name: string;
  options?: { validator?: Record<string, unknown> };
}
