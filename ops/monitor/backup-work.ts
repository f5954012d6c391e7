import { PassThrough } from "node:stream";
import { actions, type BackupOptions } from "../backup";
import type { Terminal } from "../terminal";
import type { MonitorOptions } from "./options";
import type { BackupWork } from "./scheduled-backup";

/** The same operations as `dnd backup create` and `dnd backup prune`, without anybody who could be asked. */
export function backupWork(
  { stack, uri, db, json }: Pick<MonitorOptions, "stack" | "uri" | "db" | "json">,
  say: (line: string) => void,
  store = process.env.MONITOR_BACKUP_STORE,
): BackupWork {
  const nowhere = () => new PassThrough().resume();
  const terminal: Terminal = {
    out: nowhere(),
    err: nowhere(),
    interactive: false,
    color: false,
    json: true,
    say,
  };
  const common = {
    stack,
    json,
    yes: true,
    ...(uri === undefined ? {} : { uri }),
    ...(db === undefined ? {} : { db }),
    ...(store === undefined ? {} : { store: [store] }),
  };
  const perform = (action: "create" | "prune") => {
    const options: BackupOptions = { ...common, action };
    return actions[action](options, terminal);
  };
  return { create: () => perform("create"), prune: () => perform("prune") };
}
