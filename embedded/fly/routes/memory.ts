import { z } from "zod";
import { invalid } from "../refusal";
import type { Machine } from "../world/machine";
import { machineOf } from "./machines";
import { bodyOf, type Asked, type Route } from "./route";

const path = "/v1/apps/{app}/machines/{id}/memory";
const usualMb = 256;

const limit = z.looseObject({ limit_mb: z.int().min(1) });
const reclaim = z.looseObject({ amount_mb: z.int().min(0).nullish() });

export const memoryRoutes: Route[] = [
  { method: "GET", path, action: "look memory", answer: (asked) => ({ body: viewOf(machineOf(asked)) }) },
  { method: "PUT", path, action: "set memory", answer: change },
  {
    method: "POST",
    path: `${path}/reclaim`,
    action: "reclaim memory",
    answer: (asked) => {
      const { amount_mb: amount } = bodyOf(asked, reclaim);
      const { available_mb: available } = viewOf(machineOf(asked));
      return { body: { actual_mb: Math.min(amount ?? available, available) } };
    },
  },
];

/** Programs of this computer take what they take: what is told is the size of the machine. */
function viewOf(machine: Machine): { limit_mb: number; available_mb: number } {
  const whole = wholeOf(machine);
  const limitMb = machine.memoryLimitMb ?? whole;
  return { limit_mb: limitMb, available_mb: whole };
}

function change(asked: Asked) {
  const { limit_mb: limitMb } = bodyOf(asked, limit);
  const machine = machineOf(asked);
  const whole = wholeOf(machine);
  if (limitMb > whole) throw invalid(`limit_mb: the machine has ${whole} MB`);
  machine.memoryLimitMb = limitMb;
  return { body: viewOf(machine) };
}

function wholeOf({ config }: Machine): number {
  return config.guest?.memory_mb ?? usualMb;
}
