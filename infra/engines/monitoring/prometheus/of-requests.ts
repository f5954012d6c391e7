import type { Db } from "mongodb";
import { rollUpsIn } from "../metrics";
import type { Sample } from "./text";

const hourMs = 3_600_000;

/**
 * The requests that the app has answered since the hour in which this process began. Older hours end one day, and a
 * counter that shrinks would look like one that began anew.
 */
export async function requestSamples(ops: Db, environment: string, began: Date): Promise<Sample[]> {
  const hour = new Date(Math.floor(began.getTime() / hourMs) * hourMs);
  const sums = await Promise.all(
    ["requests", "errors"].map(async (name) => {
      const hours = await rollUpsIn(ops)
        .find({ name, hour: { $gte: hour } }, { projection: { environment: 1, sum: 1 } })
        .toArray();
      return hours
        .filter((one) => one.environment === environment)
        .reduce((total, one) => total + one.sum, 0);
    }),
  );
  const [requests = 0, errors = 0] = sums;
  return [
    { series: "dnd_http_requests_total", labels: { status: "ok" }, value: Math.max(0, requests - errors) },
    { series: "dnd_http_requests_total", labels: { status: "error" }, value: errors },
  ];
}
