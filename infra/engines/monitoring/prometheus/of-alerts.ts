import type { Db } from "mongodb";
import { z } from "zod";
import { heardOf } from "../stats";
import type { Sample } from "./text";

const openAlert = z.object({ level: z.enum(["warning", "critical"]), resolved: z.literal(false) });

/** How many alerts are open that people heard of, by level. */
export async function alertSamples(ops: Db): Promise<Sample[]> {
  const found = await ops
    .collection<{ _id: string }>("alerts")
    .find({ _id: { $gte: "" }, resolved: false, ...heardOf }, { projection: { level: 1, resolved: 1 } })
    .toArray();
  const open = found.flatMap((one) => openAlert.safeParse(one).data ?? []);
  return (["warning", "critical"] as const).map((level) => ({
    series: "dnd_alerts_open",
    labels: { level },
    value: open.filter((one) => one.level === level).length,
  }));
}
