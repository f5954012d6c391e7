import { sortableId } from "./ids";
import type { Ending } from "../runtime/contract";

export interface MachineEvent {
  id: string;
  type: string;
  status: string;
  source: "user" | "flyd" | "proxy";
  timestamp: number;
  request?: Record<string, unknown>;
}

const kept = 50;

/** What happened to a machine, newest first. */
export class EventBook {
  readonly list: MachineEvent[] = [];

  constructor(private readonly now: () => number) {}

  add(type: string, status: string, source: MachineEvent["source"], request?: Record<string, unknown>): void {
    const timestamp = this.now();
    const event = { id: sortableId(timestamp), type, status, source, timestamp };
    this.list.unshift(request ? { ...event, request } : event);
    if (this.list.length > kept) this.list.pop();
  }

  exit(ending: Ending, asked: boolean, restarting: boolean, restarts: number): void {
    this.add("exit", restarting ? "starting" : "stopped", "flyd", {
      exit_event: {
        exit_code: ending.code,
        guest_exit_code: ending.signal === undefined ? ending.code : 0,
        guest_signal: ending.signal ?? -1,
        signal: ending.signal ?? -1,
        requested_stop: asked,
        restarting,
        oom_killed: ending.oom ?? false,
        exited_at: new Date(this.now()).toISOString(),
      },
      restart_count: restarts,
    });
  }
}
