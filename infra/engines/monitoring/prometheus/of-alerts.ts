import type { Db } from "mongodb";
import { z } from "zod";
import type { Sample } from "./text";

const openAlert = z.object({ level: z.enum(["warning", "critical"]), resolved: z.literal(false) });

/** How many alerts are open, by level. */
export async function alertSamples(ops: Db): Promise<Sample[]> {
  const found = await ops
    .collection("alerts")
    .find({}, { projection: { _id: 1, level: 1, resolved: 1 } })
    .sort({ _id: 1 })
    .toArray();
  const open = found.flatMap((one) => openAlert.safeParse(one).data ?? []);
  return (["warning", "critical"] as const).map((level) => ({
    series: "dnd_alerts_open",
    labels: { level },
    value: open.filter((one) => one.level === level).length,
  }));
}
