import { invalid } from "../refusal";
import { paramOf, type Answer, type Asked, type Route } from "./route";

const states = ["started", "stopped", "suspended", "destroyed", "failed", "settled", "replaced", "migrated"];

export const waitRoutes: Route[] = [
  {
    method: "GET",
    path: "/v1/apps/{app}/machines/{id}/wait",
    action: "wait",
    answer: wait,
  },
];

async function wait(asked: Asked): Promise<Answer> {
  const { query, signal } = asked;
  const machine = asked.world.machine(paramOf(asked, "app"), paramOf(asked, "id"));
  const wanted = query.getAll("state").flatMap((one) => one.split(","));
  const unknown = wanted.find((one) => !states.includes(one));
  if (unknown !== undefined) throw invalid(`unknown state ${unknown}`);
  const seconds = Number(query.get("timeout") ?? 60);
  if (!(seconds >= 1 && seconds <= 60)) throw invalid("timeout must be from 1 to 60 seconds");
  const reached = await machine.waiters.wait({
    states: wanted.length > 0 ? wanted : ["started"],
    version: query.get("version") ?? query.get("instance_id") ?? undefined,
    fromEvent: query.get("from_event_id") ?? undefined,
    timeoutMs: seconds * 1000,
    signal,
  });
  return { body: { ok: true, ...reached } };
}
