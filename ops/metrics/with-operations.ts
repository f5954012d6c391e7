import type { Db } from "mongodb";
import type { Settings } from "../../stacks/settings";
import { atOperations } from "../operations-database";
import type { MetricsOptions } from "./options";

/** The operations' database of what was named, and its environment. */
export interface Operations {
  ops: Db;
  environment: string;
  settings: Settings | undefined;
}

/** Works with the operations' database and closes it. */
export function withOperations<T>(
  options: MetricsOptions,
  work: (operations: Operations) => Promise<T>,
): Promise<T> {
  return atOperations(
    options,
    ({ ops, settings }) => {
      const environment = options.environment ?? settings?.environment ?? "development";
      return work({ ops, environment, settings });
    },
    { role: "backup", appName: "dnd-metrics", none: noDatabase },
  );
}

function noDatabase(stack: string) {
  return {
    code: "metrics-no-database",
    message: `the ${stack} stack has no database yet, and no figures`,
    remedy: "`dnd up` brings it; or name another one with --uri and --db.",
  };
}
