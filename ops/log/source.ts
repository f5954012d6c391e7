import type { LogLine } from "./line";

/** Where a stack's lines come from: what is there, and then what comes, until the signal fires. */
export interface LogSource {
  /** All that is there, each machine's in its order. */
  read(signal: AbortSignal): Promise<LogLine[]>;
  /** What has come since it was last asked, be it by `read` or by this; waits a moment where nothing has. */
  next(signal: AbortSignal): Promise<LogLine[]>;
  /** Why no line can have been found by the last look; undefined where there may have been some. */
  nobody(): string | undefined;
  close(): Promise<void>;
}
