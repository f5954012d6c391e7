import {
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from "mongodb";
import { HttpProblem } from "./problem";

const outages = [
  MongoServerSelectionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
];

/** The answer to whatever a handler threw; only what nobody expected is reported. */
export function answerTo(error: unknown, report: (error: unknown) => void): Response {
  if (error instanceof HttpProblem) return error.toResponse();
  report(error);
  if (!isOutage(error)) return new HttpProblem(500, "something went wrong on our side").toResponse();
  const message = "the database cannot be reached, try again in a moment";
  return new HttpProblem(503, message, [], { "retry-after": "2" }).toResponse();
}

function isOutage(error: unknown): boolean {
  // A primary that steps down or stops labels its refusal as one worth another try.
  const refused = error instanceof MongoError && error.hasErrorLabel("RetryableWriteError");
  return refused || outages.some((kind) => error instanceof kind);
}
