import type { AppSettings } from "./app-settings";
import type { Settings } from "./settings";

/** It runs for months on a small machine: memory that is not needed is given back early. */
const smallHeap = "--max-semi-space-size=1 --max-old-space-size=160 --optimize-for-size";

/** The program of an image that has but one, as this project's Dockerfile makes it. */
const onlyProgram = { command: "node --enable-source-maps server.js", http: true };

/** The app's settings with the monitor as a process group of its own, where the stack wants one; it needs no more than one small machine. */
export function withMonitor(
  { app, monitoring }: Pick<Settings, "app" | "monitoring">,
  stack: string,
): AppSettings {
  const { enabled, port, command } = monitoring;
  if (!enabled || "monitor" in app.processes) return app;
  const others = Object.keys(app.processes).length > 0 ? app.processes : { app: onlyProgram };
  const monitor = {
    command:
      command ?? `node ${smallHeap} /dnd/ops/dnd.cjs monitor --stack ${stack} --host :: --port ${port}`,
    http: false,
    machines: 1,
    ...{ size: "shared-cpu-1x", memory: 512 },
    health: { port, path: "/health" },
  };
  return { ...app, processes: { ...others, monitor } };
}
