import { MongoNetworkError, MongoServerSelectionError, MongoTopologyClosedError, type Db } from "mongodb";
import { DeadlineError, type Secret } from "../../../support";
import { inTime } from "../in-time";
import { ApiProblem, refusal } from "./problem";
import { rateLimiter, type RateLimit } from "./rate-limit";
import { read } from "./read";
import { carriesToken } from "./token";
import { write, type ResolveAlert } from "./write";

export interface MonitoringApiOptions {
  /** The operations' database. */
  ops: Db;
  /** What writes; without one nothing can be written. */
  token?: Secret | undefined;
  /** What is asked about where a request names no environment. */
  environment: string;
  resolveAlert?: ResolveAlert | undefined;
  /** How many writes with the right token; 60 at once and a minute unless told otherwise. */
  rateLimit?: RateLimit | undefined;
  /** How many reads; 120 at once, 600 a minute unless told otherwise. */
  readLimit?: RateLimit | undefined;
  /** Told what nobody expected; the one who asked is not told. */
  report?: ((error: unknown) => void) | undefined;
}

export const monitoringPath = "/api/monitoring/deployment";
const deadlineMs = 8000;
const wrongTokens: RateLimit = { burst: 10, perMinute: 10 };
const outages = [MongoNetworkError, MongoServerSelectionError, MongoTopologyClosedError, DeadlineError];

/** `/api/monitoring/deployment` as a function from request to response. */
export function monitoringApi(
  options: MonitoringApiOptions,
): Record<string, (request: Request) => Promise<Response>> {
  const { ops, token, environment, resolveAlert } = options;
  const takeWrite = rateLimiter(options.rateLimit ?? { burst: 60, perMinute: 60 });
  const takeRead = rateLimiter(options.readLimit ?? { burst: 120, perMinute: 600 });
  const takeWrong = rateLimiter(wrongTokens);
  const answer = async (request: Request): Promise<Response> => {
    if (request.method === "GET" || request.method === "HEAD") {
      takeRead();
      return read(request, ops, environment);
    }
    if (request.method !== "POST")
      throw new ApiProblem(405, `${request.method} is not possible here`, { allow: "GET, HEAD, POST" });
    if (!token) throw new ApiProblem(403, "nothing can be written here: no token is set");
    if (!carriesToken(request, token)) {
      // Of their own, so that whoever guesses does not shut out the one who knows.
      takeWrong();
      throw new ApiProblem(401, "the token is missing or wrong", { "www-authenticate": "Bearer" });
    }
    takeWrite();
    return write(request, ops, { ownEnvironment: environment, resolveAlert });
  };
  const handle = (request: Request) =>
    inTime(answer(request), deadlineMs).catch((error: unknown) => refused(error, options.report));
  return { [monitoringPath]: handle };
}

function refused(error: unknown, report: MonitoringApiOptions["report"]): Response {
  if (error instanceof ApiProblem) return refusal(error);
  report?.(error);
  if (!outages.some((kind) => error instanceof kind))
    return refusal(new ApiProblem(500, "something went wrong on our side"));
  return refusal(
    new ApiProblem(503, "the database cannot be reached, try again in a moment", { "retry-after": "2" }),
  );
}
