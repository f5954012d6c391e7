import type { Db } from "mongodb";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { Settings } from "../../stacks/settings";
import type { Terminal } from "../terminal";
import type { Rotation } from "./journal";

/** What a rotation is given. */
export interface RotateContext {
  stack: string;
  settings: Settings;
  address: DatabaseAddress;
  ops: Db;
  /** The one that was begun and not ended, whoever began it. */
  open: Rotation | undefined;
  recipients: readonly string[];
  channel: string | undefined;
  yes: boolean;
  terminal: Terminal;
}

/** What a step has done, and what a person does next. */
export interface Rotated {
  state: "overlap" | "done";
  done: string;
  next: string | null;
}

/** One kind of secret. */
export interface Rotator {
  begin(context: RotateContext): Promise<Rotated>;
  finish(context: RotateContext & { open: Rotation }): Promise<Rotated>;
}
