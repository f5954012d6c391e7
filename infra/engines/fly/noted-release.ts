import type { FlyApi, FlyRelease, MachineConfig } from "../../drivers/fly-api";
import { anySignal, type Progress } from "../../support";
import { markedForRelease } from "./marks";
import type { DeployWish } from "./wish";

interface NoteOptions {
  api: FlyApi;
  signal: AbortSignal;
  progress: Progress;
}

const patienceMs = 5000;

/**
 * A deployment as Fly's own list of releases has it, by which Fly's tool scales and redeploys what it did not deploy.
 * The list decides nothing here: where it cannot be written the deployment goes on.
 */
export class NotedRelease {
  #release: FlyRelease | undefined;

  constructor(private readonly options: NoteOptions) {}

  async begin({ app, groups, strategy, definition }: DeployWish): Promise<void> {
    const { api, signal, progress } = this.options;
    const image = groups[0]?.config.image ?? "";
    if (!definition) return;
    const limited = anySignal([signal, AbortSignal.timeout(patienceMs)]);
    const creation = { image, strategy: strategy.kind, definition };
    try {
      this.#release = await api.releases.begin(app, creation, { signal: limited });
    } catch {
      signal.throwIfAborted();
      progress("Fly's own list of releases cannot be written: Fly's tool will not scale the app");
    }
  }

  /** The configuration with what tells Fly's tool which release it is of. */
  marked(config: MachineConfig): MachineConfig {
    return this.#release ? markedForRelease(config, this.#release) : config;
  }

  async end(status: "complete" | "failed"): Promise<void> {
    const { api, signal } = this.options;
    if (!this.#release) return;
    // Noted after an interruption, too.
    const limited = AbortSignal.timeout(patienceMs);
    const ended = signal.aborted ? "interrupted" : status;
    await api.releases.end(this.#release.id, ended, { signal: limited }).catch(() => undefined);
  }
}
