import { randomBytes } from "node:crypto";
import type { Machine } from "./machine";

export interface AppRecord {
  name: string;
  organization: string;
  network: string;
  idempotencyKey: string | undefined;
}

/** An app and what belongs to it. */
export class FlyApp {
  readonly id = randomBytes(8).toString("hex");
  readonly machines = new Map<string, Machine>();

  constructor(
    readonly record: AppRecord,
    readonly number: number,
    readonly createdAt: number,
  ) {}

  get name(): string {
    return this.record.name;
  }

  /** Those that are there, in the order of their creation. */
  get living(): Machine[] {
    return [...this.machines.values()].filter(({ state }) => state !== "destroyed");
  }

  /** "deployed" once something ran in it. */
  get status(): string {
    return this.machines.size > 0 ? "deployed" : "pending";
  }
}
