import { randomBytes } from "node:crypto";
import { ConnectionCut, type Faults, type Harm, type SeenRequest } from "./faults/fault";
import type { RateLimits } from "./faults/rate-limits";
import { Refusal, refuse } from "./refusal";
import type { Answer, Asked } from "./routes/route";
import { match, type Match } from "./routes/table";
import type { World } from "./world/world";

/** A request that was answered, for whoever checks what a deployment asked. */
export interface RequestSeen extends SeenRequest {
  /** Of the stand-in's clock, in milliseconds since 1970. */
  at: number;
  query: string;
  nonce: string | undefined;
  body: unknown;
  /** A fault changed its answer. */
  struck: boolean;
  /** Zero where the connection was cut. */
  status: number;
  answer: unknown;
}

export interface DispatchOptions {
  world: World;
  faults: Faults;
  limits: RateLimits;
  /** The only token that is taken; any will do where it is undefined. */
  token: string | undefined;
  /** How long each answer takes. */
  replyMs: number;
  seen(request: RequestSeen): void;
}

const nonceHeader = "fly-machine-lease-nonce";

/** Answers one request after the other as the API would, faults and limits included. */
export class Dispatch {
  #count = 0;

  constructor(private readonly options: DispatchOptions) {}

  /** Throws a ConnectionCut where a fault wants no answer at all. */
  async handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const found = match(request.method, url.pathname);
    const seen: SeenRequest = {
      method: request.method,
      path: url.pathname,
      action: found?.route.action,
      index: this.#count++,
    };
    const text = await request.text();
    const record: RequestSeen = {
      ...seen,
      at: this.options.world.now,
      query: url.search,
      nonce: request.headers.get(nonceHeader) ?? undefined,
      body: undefined,
      struck: false,
      status: 0,
      answer: undefined,
    };
    try {
      record.body = jsonOf(text);
      const harms = this.options.faults.strike(seen);
      record.struck = harms.some(({ kind }) => kind !== "slow");
      const answer = await this.perform(request, url, found, record.body, harms);
      record.status = answer.status ?? 200;
      record.answer = answer.body;
      return responseOf(answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      record.status = error.status;
      record.answer = error.body;
      return responseOf({ status: error.status, body: error.body, headers: error.headers });
    } finally {
      this.options.seen(record);
    }
  }

  private async perform(
    request: Request,
    url: URL,
    found: Match | undefined,
    body: unknown,
    harms: Harm[],
  ): Promise<Answer> {
    const { clock } = this.options.world.options;
    const slow = harms.reduce(
      (sum, harm) => sum + (harm.kind === "slow" ? harm.ms : 0),
      this.options.replyMs,
    );
    if (slow > 0) await clock.sleep(slow, request.signal);
    suffer(harms, "before");
    const answer = await this.answer(request, url, found, body);
    suffer(harms, "after");
    return answer;
  }

  private async answer(request: Request, url: URL, found: Match | undefined, body: unknown): Promise<Answer> {
    const { world, limits, token } = this.options;
    const given = request.headers.get("authorization")?.replace(/^(Bearer|FlyV1) /, "");
    if (!given || (token !== undefined && given !== token)) throw refuse(401, "unauthorized");
    if (!found) throw refuse(404, `there is no route ${request.method} ${url.pathname}`);
    const { route, params } = found;
    limits.count(route.action, params.id ?? params.app ?? "");
    const asked: Asked = {
      world,
      params,
      query: url.searchParams,
      headers: request.headers,
      body,
      signal: request.signal,
    };
    if (route.guarded) {
      const machine = world.app(params.app ?? "").machines.get(params.id ?? "");
      const shown = request.headers.get(nonceHeader) ?? undefined;
      if (machine && !machine.gone) machine.leases.guard(shown, world.options.strictNonces);
    }
    return route.answer(asked);
  }
}

function suffer(harms: Harm[], when: "before" | "after"): void {
  for (const harm of harms) {
    if (harm.kind === "slow" || (harm.when ?? "before") !== when) continue;
    if (harm.kind === "reset") throw new ConnectionCut("the connection was reset");
    const body = harm.body ?? { error: `a fault of status ${harm.status}` };
    throw new Refusal(harm.status, body as Record<string, unknown>, harm.headers);
  }
}

function jsonOf(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse(400, "invalid_argument: the body is not JSON");
  }
}

function responseOf({ status = 200, body, headers }: Answer): Response {
  const empty = body === undefined || status === 204;
  return new Response(empty ? null : JSON.stringify(body), {
    status,
    headers: {
      ...(empty ? {} : { "content-type": "application/json" }),
      "fly-request-id": randomBytes(13).toString("hex"),
      ...headers,
    },
  });
}
