import { randomBytes } from "node:crypto";
import { refuse } from "../refusal";
import type { CheckVerdict, Ending, Run } from "../runtime/contract";
import { durationMs, withDefaults, type MachineConfig } from "./config";
import { EventBook } from "./events";
import { machineId, sortableId } from "./ids";
import { LeaseBook } from "./lease";
import { after } from "./timer";
import { Past } from "./past";
import type { CheckResult, Creation, Surroundings, Version } from "./surroundings";
import { Waiters } from "./waiters";

const restartPauseMs = 1000;
const usualRetries = 10;

/** One machine: its versions, its state, and what happens to it. */
export class Machine {
  readonly id = machineId();
  readonly name: string;
  readonly region: string;
  readonly createdAt: number;
  readonly privateIp = `fdaa:0:1:a7b:1:${randomBytes(2).toString("hex")}:${randomBytes(2).toString("hex")}:2`;
  readonly events: EventBook;
  readonly leases: LeaseBook;
  readonly waiters: Waiters;
  readonly past = new Past();
  readonly checks = new Map<string, CheckResult>();
  /** Newest first. */
  readonly versions: Version[];
  state = "created";
  cordoned: boolean;
  updatedAt: number;
  hostStatus: "ok" | "unknown" | "unreachable" = "ok";
  /** Less than its guest has, where somebody set it so. */
  memoryLimitMb: number | undefined;
  #run: Run | undefined;
  readonly #runs: Run[] = [];
  #asked = false;
  #restarts = 0;
  #then: (() => void) | undefined;
  #cancelPause: () => void = () => undefined;

  constructor(
    readonly app: string,
    creation: Creation,
    private readonly around: Surroundings,
  ) {
    const now = () => around.clock.now();
    this.name = creation.name ?? `machine-${this.id.slice(0, 6)}`;
    this.region = creation.region;
    this.createdAt = this.updatedAt = now();
    this.cordoned = creation.cordoned;
    this.events = new EventBook(now);
    this.leases = new LeaseBook(now, () => sortableId(now()));
    this.versions = [{ id: sortableId(now()), config: withDefaults(creation.config) }];
    this.waiters = new Waiters(around.clock, () => ({
      state: this.state,
      version: this.version,
      newestEvent: this.events.list[0]?.id ?? "",
      known: this.versions.map(({ id }) => id),
    }));
    this.events.add("launch", "created", "user");
    this.enter("created");
    after(around.clock, around.replaceMs, () => {
      if (this.state === "created") return creation.skipLaunch ? this.enter("stopped") : this.launch("user");
    });
  }

  get version(): string {
    return this.current.id;
  }

  get config(): MachineConfig {
    return this.current.config;
  }

  get run(): Run | undefined {
    return this.#run;
  }

  /** The lines of all its runs, the oldest first: they only grow in number. */
  readonly log = async (): Promise<string[]> =>
    (await Promise.all(this.#runs.map((run) => run.log()))).flat();

  get gone(): boolean {
    return this.state === "destroyed" || this.state === "destroying";
  }

  start(source: "user" | "proxy" = "user"): string {
    const before = this.state;
    if (before === "started" || before === "starting") return before;
    if (before === "replacing") throw this.precondition("machine getting replaced, refusing to start");
    if (!["stopped", "suspended", "failed"].includes(before)) {
      throw this.precondition(`unable to start machine from current state: '${before}'`);
    }
    this.#restarts = 0;
    if (before === "suspended" && this.#run) {
      this.#run.resume();
      this.events.add("start", "started", source);
      this.enter("started");
    } else this.launch(source);
    return before;
  }

  stop(signal: string | undefined, timeout: string | undefined, source: "user" | "proxy" = "user"): void {
    if (this.state === "stopped") return;
    if (this.state === "suspended") {
      this.#run?.stop("SIGKILL", 0);
      this.#run = undefined;
      return this.enter("stopped");
    }
    if (this.state === "failed" || this.state === "created") {
      this.#cancelPause();
      return this.enter("stopped");
    }
    if (this.state === "stopping") return;
    if (!["started", "starting"].includes(this.state)) {
      throw this.precondition(`unable to stop machine from current state: '${this.state}'`);
    }
    this.events.add("stop", "stopping", source, { signal: signal ?? this.stopSignal, timeout });
    this.endRun("stopping", () => this.enter("stopped"), signal, timeout);
  }

  suspend(source: "user" | "proxy" = "user"): void {
    if (this.state === "suspended") return;
    if (this.state !== "started") {
      throw this.precondition(`unable to suspend machine from current state: '${this.state}'`);
    }
    this.events.add("suspend", "suspended", source);
    this.checks.clear();
    this.enter("suspending");
    this.#run?.suspend();
    after(this.around.clock, this.around.replaceMs, () => {
      if (this.state === "suspending") this.enter("suspended");
    });
  }

  restart(signal: string | undefined, timeout: string | undefined): void {
    if (this.state !== "started") {
      throw this.precondition(`unable to restart machine from current state: '${this.state}'`);
    }
    this.events.add("restart", "restarting", "user");
    this.endRun("restarting", () => this.launch("user"), signal, timeout);
  }

  /** A new version, at once; the old one ends and the new one boots after that. */
  update(config: MachineConfig, skipLaunch: boolean, cordoned: boolean | undefined): void {
    if (["replacing", "stopping", "restarting", "suspending", "destroying"].includes(this.state)) {
      const text = `machine is ${this.state}: concurrent update in progress`;
      throw refuse(this.around.statuses.aborted, `aborted: ${text}`);
    }
    const wasUp = this.state === "started" || this.state === "starting";
    this.versions.unshift({ id: sortableId(this.around.clock.now()), config: withDefaults(config) });
    if (cordoned !== undefined) this.cordon(cordoned);
    this.events.add("update", "replacing", "user");
    this.#restarts = 0;
    const boot = () => (skipLaunch ? this.enter("stopped") : this.launch("user"));
    if (wasUp) return this.endRun("replacing", boot);
    this.#run?.stop("SIGKILL", 0);
    this.#run = undefined;
    this.#cancelPause();
    this.checks.clear();
    this.enter("replacing");
    after(this.around.clock, this.around.replaceMs, boot);
  }

  destroy(force: boolean): void {
    const atRest = ["stopped", "suspended", "failed", "created"].includes(this.state);
    if (!force && !atRest) {
      throw this.precondition("unable to destroy machine, not currently stopped or suspended");
    }
    this.events.add("destroy", "destroying", "user");
    const end = () => this.vanish("user");
    if (this.#run) return this.endRun("destroying", end, "SIGKILL", "0s");
    this.#cancelPause();
    end();
  }

  signal(name: string): void {
    if (this.state !== "started") throw this.precondition("machine is not running");
    this.events.add("signal", this.state, "user", { signal: name });
    this.#run?.signal(name);
  }

  cordon(cordoned: boolean): void {
    this.cordoned = cordoned;
    this.#run?.cordon(cordoned);
  }

  setMetadata(change: Record<string, string | null>): void {
    const kept = Object.entries({ ...this.config.metadata, ...change }).filter(([, value]) => value !== null);
    this.current.config = { ...this.config, metadata: Object.fromEntries(kept) as Record<string, string> };
    this.updatedAt = this.around.clock.now();
  }

  private get current(): Version {
    const [current] = this.versions;
    if (!current) throw new Error("a machine has a version");
    return current;
  }

  private get stopSignal(): string {
    return this.config.stop_config?.signal ?? "SIGINT";
  }

  private launch(source: "user" | "flyd" | "proxy"): void {
    if (this.gone) return;
    this.#asked = false;
    this.checks.clear();
    this.enter("starting");
    const mine = (work: () => void) => () => (this.#run === run ? work() : undefined);
    const { id, version, region, config, cordoned, app } = this;
    const launch = { app, id, version, region, config, cordoned, env: this.around.environment(config) };
    const run: Run = this.around.runtime.launch(launch, {
      started: mine(() => {
        if (this.state !== "starting") return;
        this.events.add("start", "started", source === "user" ? "flyd" : source);
        this.enter("started");
      }),
      unlaunchable: (reason) =>
        mine(() => {
          this.#run = undefined;
          this.events.add("launch", "failed", "flyd", { error: reason });
          this.enter("failed");
        })(),
      ended: (ending) => mine(() => this.ended(ending))(),
      checked: (name, status, output) => mine(() => this.checked(name, status, output))(),
    });
    this.#run = run;
    this.#runs.push(run);
  }

  private checked(name: string, status: CheckVerdict, output: string): void {
    const updated_at = new Date(this.around.clock.now()).toISOString();
    this.checks.set(name, { name, status, output, updated_at });
    this.waiters.changed();
  }

  private endRun(state: string, then: () => void, signal?: string, timeout?: string): void {
    this.#asked = true;
    this.#then = then;
    this.#cancelPause();
    this.enter(state);
    if (!this.#run) return this.ended({ code: 0 });
    const configured = durationMs(this.config.stop_config?.timeout, 5000);
    this.#run.stop(signal ?? this.stopSignal, timeout ? durationMs(timeout, configured) : configured);
  }

  private ended(ending: Ending): void {
    this.#run = undefined;
    this.checks.clear();
    const again = !this.#asked && this.deservesRestart(ending);
    if (again) this.#restarts++;
    this.events.exit(ending, this.#asked, again, this.#restarts);
    if (this.#asked) {
      const then = this.#then;
      this.#then = undefined;
      return then?.();
    }
    if (again) {
      this.enter("starting");
      this.#cancelPause = after(this.around.clock, restartPauseMs, () => this.launch("flyd"));
    } else if (this.config.auto_destroy) this.vanish("flyd");
    else this.enter("stopped");
  }

  private deservesRestart({ code }: Ending): boolean {
    const { policy = "on-failure", max_retries: most = usualRetries } = this.config.restart ?? {};
    if (policy === "always") return true;
    return policy === "on-failure" && code !== 0 && this.#restarts < most;
  }

  private vanish(source: "user" | "flyd"): void {
    this.events.add("destroy", "destroyed", source);
    this.enter("destroyed");
    this.around.destroyed(this);
  }

  private enter(state: string): void {
    this.state = state;
    this.past.add(this.around.clock.now(), state, this.version);
    this.updatedAt = this.around.clock.now();
    this.waiters.changed();
  }

  private precondition(text: string): Error {
    return refuse(this.around.statuses.failedPrecondition, `failed_precondition: ${text}`);
  }
}
