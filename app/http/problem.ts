import type { z } from "zod";

/** An answer other than success, with what the one who asked can do about it. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly reasons: string[] = [],
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = "HttpProblem";
  }

  toResponse(): Response {
    const body = { error: this.message, ...(this.reasons.length > 0 ? { reasons: this.reasons } : {}) };
    return Response.json(body, { status: this.status, headers: this.headers });
  }
}

/** Says that there is no such thing. */
export function notFound(what: string): HttpProblem {
  return new HttpProblem(404, `there is no such ${what}`);
}

/** What the schema makes of a value; otherwise status 400 with every reason. */
export function accept<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join(".")}: ${issue.message}` : issue.message,
  );
  throw new HttpProblem(400, "the request is not valid", reasons);
}
