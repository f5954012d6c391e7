import { observeMachines } from "../../infra/engines/machines";
import { messageOf, OperatorError, withDeadline } from "../../infra/support";
import { localStackName } from "../local-stack";

const patienceMs = 8000;

/** A machine, wherever it runs, under the name that `dnd logs --machine` knows it by. */
export interface MachineStatus {
  name: string;
  region: string | null;
  version: string;
  healthy: boolean;
  /** "healthy", "rests", or what is wrong with it. */
  says: string;
}

export interface MachinesStatus {
  machines: MachineStatus[];
  /** Why they could not be looked at by this person, where that is nobody's fault. */
  unseen: string | null;
  problems: string[];
}

/** Looks at the machines of a stack's app: on this computer, or at Fly. */
export function lookAtMachines(
  stack: string,
  app: string,
  wanted: Promise<number>,
  signal?: AbortSignal,
): Promise<MachinesStatus> {
  return stack === localStackName ? lookHere(app, wanted) : lookAtFly(app, wanted, signal);
}

async function lookHere(app: string, wanted: Promise<number>): Promise<MachinesStatus> {
  const { running, dead, unfinished } = await observeMachines(app);
  const shown = running.map(({ name, version, healthy }) => ({
    ...{ name, region: null, version, healthy },
    says: healthy ? "healthy" : "not healthy",
  }));
  const ended = dead.map((name) => ({
    ...{ name, region: null, version: "", healthy: false },
    says: "does not run",
  }));
  const healthy = running.filter((one) => one.healthy).length;
  const needed = await wanted;
  return {
    machines: [...shown, ...ended],
    unseen: null,
    problems: [
      ...(healthy < needed ? [`${healthy} of ${needed} machines are healthy`] : []),
      ...(unfinished ? ["an update was cut off: `dnd up` carries on from there"] : []),
    ],
  };
}

async function lookAtFly(
  app: string,
  wanted: Promise<number>,
  signal?: AbortSignal,
): Promise<MachinesStatus> {
  const { openFlyApiOf } =
    require("../../infra/drivers/fly-api") as typeof import("../../infra/drivers/fly-api");
  const { seeMachines } = require("../../infra/engines/fly") as typeof import("../../infra/engines/fly");
  try {
    const api = openFlyApiOf(process.env);
    const seen = await withDeadline(patienceMs, (limit) => seeMachines(api, app, limit), signal);
    const machines = seen.map(({ id, region, version, says }) => ({
      ...{ name: id, region, version, says },
      healthy: says === "healthy",
    }));
    const unwell = seen.filter(({ well }) => !well);
    const none = seen.length === 0 && (await wanted) > 0;
    return {
      machines,
      unseen: null,
      problems: [
        ...(none ? [`${app} has no machine at Fly`] : []),
        ...unwell.map(({ id, says }) => `the machine ${id} is not well: ${says}`),
      ],
    };
  } catch (error) {
    if (error instanceof OperatorError && error.code === "fly-token-missing")
      return { machines: [], unseen: "FLY_API_TOKEN is not set", problems: [] };
    return {
      machines: [],
      unseen: "cannot be looked at",
      problems: [`the machines cannot be looked at: ${messageOf(error)}`],
    };
  }
}
