import { leadsAway, outpostAt } from "../outpost";
import type { DatabaseAddress } from "./contract";

/** An outpost connects to the one member that takes writes; each answer comes over Fly's API. */
const overOutpost = {
  directConnection: "true",
  // Without being told of each change: a look now and then costs less.
  serverMonitoringMode: "poll",
  serverSelectionTimeoutMS: "60000",
  connectTimeoutMS: "60000",
};

/** What says where a cluster is and how it is spoken to on the way there, which is the outpost's to know. */
const ofThePlace = ["replicaset", "tls", "ssl", "readpreference", "maxstalenessseconds", "loadbalanced"];

/** What is really dialled for an address: itself, or a port of this machine behind which an outpost connects. */
export async function dialled(full: string, { uri, through }: DatabaseAddress): Promise<string> {
  if (!leadsAway(through)) return full;
  const [, login = "", path = "", query = ""] =
    /^mongodb(?:\+srv)?:\/\/([^@/]*@)?[^/?]*(\/[^?]*)?(?:\?(.*))?$/.exec(full) ?? [];
  const asked = new URLSearchParams(query);
  for (const name of [...asked.keys()])
    if (ofThePlace.some((one) => name.toLowerCase().startsWith(one))) asked.delete(name);
  for (const [name, value] of Object.entries(overOutpost)) asked.set(name, value);
  const port = await (await outpostAt(through)).listen(uri);
  return `mongodb://${login}127.0.0.1:${port}${path || "/"}?${asked.toString()}`;
}
