import { systemClock, type Clock } from "../../infra/support";
import { control } from "./control";
import { Dispatch, type RequestSeen } from "./dispatch";
import { Edge, type EdgeOptions } from "./edge/edge";
import { ConnectionCut, Faults } from "./faults/fault";
import { RateLimits } from "./faults/rate-limits";
import { HttpServer } from "./http-server";
import { usualStatuses, type DisputedStatuses } from "./refusal";
import type { Runtime } from "./runtime/contract";
import { ScriptedRuntime, type Script, type ScriptFor } from "./runtime/scripted";
import { Conditions } from "./world/conditions";
import { World } from "./world/world";

export interface StandInOptions {
  clock?: Clock;
  /** What makes machines run; on paper only unless told otherwise. */
  runtime?: Runtime;
  /** The only token that is taken; any unless told otherwise. */
  token?: string;
  /** Whether more requests than Fly publishes as its limits are refused; true unless told otherwise. */
  rateLimits?: boolean;
  /** How long each answer takes; no time unless told otherwise. */
  replyMs?: number;
  /** What an update or a creation takes before anything boots; 50 unless told otherwise. */
  replaceMs?: number;
  owner?: string;
  regions?: readonly string[];
  organizations?: readonly string[];
  /** An update that names another region or name is refused, and not merely left without that. */
  strictMoves?: boolean;
  /** The nonce of a lease that has ended is refused, and not merely of no use. */
  strictNonces?: boolean;
  statuses?: Partial<DisputedStatuses>;
  /** How the proxy behaves before machines that really run. */
  edge?: Partial<EdgeOptions>;
}

const someRegions = ["iad", "ams", "fra", "lhr", "ord", "sjc", "syd"];

/** Fly's API in this process: apps and machines that behave, and misbehave, as Fly's do. */
export class FlyStandIn {
  readonly faults = new Faults();
  /** All requests so far, in the order of their answers. */
  readonly requests: RequestSeen[] = [];
  /** What the world is like: room, lag, hosts. */
  readonly conditions = new Conditions();
  readonly world: World;
  readonly edge: Edge;
  readonly #runtime: Runtime;
  readonly #dispatch: Dispatch;
  readonly #server: HttpServer;

  constructor(options: StandInOptions = {}) {
    const clock = options.clock ?? systemClock;
    this.#runtime = options.runtime ?? new ScriptedRuntime(clock);
    this.world = new World({
      clock,
      runtime: this.#runtime,
      statuses: { ...usualStatuses, ...options.statuses },
      replaceMs: options.replaceMs ?? 50,
      owner: options.owner ?? "operator@example.com",
      regions: options.regions ?? someRegions,
      organizations: options.organizations,
      conditions: this.conditions,
      strictMoves: options.strictMoves ?? false,
      strictNonces: options.strictNonces ?? false,
    });
    this.edge = new Edge(this.world, { idleMs: 5000, port: () => 0, ...options.edge });
    this.#dispatch = new Dispatch({
      world: this.world,
      faults: this.faults,
      limits: new RateLimits(() => clock.now(), options.rateLimits ?? true),
      token: options.token,
      replyMs: options.replyMs ?? 0,
      seen: (request) => void this.requests.push(request),
    });
    this.#server = new HttpServer(
      async (request) => (await control(request, this)) ?? this.#dispatch.handle(request),
    );
  }

  /** What machines of an image do from their next launch on, where they run on paper only. */
  script(image: string, script: Script | ScriptFor): void {
    this.paper.script(image, script);
  }

  /** Lets there be no such image, where machines run on paper only. */
  forgetImage(image: string): void {
    this.paper.forget(image);
  }

  /** As `fetch`, without a network between: what a client in this process can be given. */
  readonly fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    try {
      return await this.#dispatch.handle(new Request(url, init));
    } catch (error) {
      if (!(error instanceof ConnectionCut)) throw error;
      throw new TypeError("fetch failed", { cause: error });
    }
  };

  /** Opens an address for programs beside this one, and gives it. */
  async listen(port = 0, host = "127.0.0.1"): Promise<string> {
    return `http://${host}:${await this.#server.listen(host, port)}`;
  }

  /** Ends the addresses and every machine. */
  async close(): Promise<void> {
    await this.edge.close();
    await this.#server.close();
    await this.#runtime.close();
  }

  private get paper(): ScriptedRuntime {
    if (this.#runtime instanceof ScriptedRuntime) return this.#runtime;
    throw new Error("these machines are real: they have no script");
  }
}
