/** Why a request to the monitoring API was refused; never more than the one who asks may know. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
    readonly reasons: string[] = [],
  ) {
    super(message);
    this.name = "ApiProblem";
  }
}

export const plainHeaders = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** The answer to a refused request. */
export function refusal({ status, message, headers, reasons }: ApiProblem): Response {
  const body = { success: false, error: message, ...(reasons.length > 0 ? { reasons } : {}) };
  return Response.json(body, { status, headers: { ...plainHeaders, ...headers } });
}
