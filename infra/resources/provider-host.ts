import { existsSync } from "node:fs";
import { engineLog } from "./engine-log";
import type { Lifecycle, LifecycleContext } from "./lifecycle";
import { lifecycles } from "./lifecycles";
import { tellStackKey, type StackConfig } from "./stack-key";
import { asReleaseStep, stepOf } from "./release-step";

type Properties = Record<string, unknown>;
type AnyLifecycle = Lifecycle<Properties, Properties>;

const logOf = engineLog(process.argv[2]);
const interruption = new AbortController();

/** `dnd` asks running engines to stop by making the file it named: the dynamic host has no way of its own. */
function watchForInterruption(file: string): void {
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    clearInterval(timer);
    interruption.abort(new Error("interrupted by the operator"));
  }, 200);
  timer.unref();
}

if (process.env.DND_INTERRUPT_FILE) watchForInterruption(process.env.DND_INTERRUPT_FILE);

function contextFor(properties: Properties): LifecycleContext {
  return { signal: interruption.signal, ...logOf(String(properties.self ?? "")) };
}

let ahead = false;

/** Loads what the first resources need, one engine at a time, while the engine and the program go on. */
export function loadAhead(): void {
  if (ahead) return;
  ahead = true;
  const engines = ["database", "backup", "migration", "machines", "health", "release"];
  for (const engine of engines) setImmediate(() => void require(`../engines/${engine}`));
}

/** A lifecycle in the form that Pulumi's dynamic host calls. */
export function load(resource: string): object {
  const open = lifecycles[resource];
  if (!open) throw new Error(`this checkout has no resource ${resource}: use the one that made the state`);
  const lifecycle = open() as AnyLifecycle;
  return {
    // A stack's own users log in by its key, which is never an input: it comes with the configuration of today.
    configure: ({ config }: { config: StackConfig }) => Promise.resolve(tellStackKey(config)),
    check: async (olds: Properties, news: Properties) =>
      lifecycle.check ? lifecycle.check(olds, news, contextFor(news)) : { inputs: news },
    diff: (id: string, olds: Properties, news: Properties) =>
      lifecycle.diff(id, olds, news, contextFor(news)).finally(loadAhead),
    create: (inputs: Properties) =>
      asReleaseStep(stepOf(inputs), () => lifecycle.create(inputs, contextFor(inputs))),
    update: (id: string, olds: Properties, news: Properties) =>
      asReleaseStep(stepOf(news), () => lifecycle.update(id, olds, news, contextFor(news))),
    read: (id: string, olds: Properties) => lifecycle.read(id, olds, contextFor(olds)),
    delete: (id: string, olds: Properties) => lifecycle.delete(id, olds, contextFor(olds)),
  };
}
