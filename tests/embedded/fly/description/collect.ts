import type { RequestSeen } from "../../../../embedded/fly";
import { differences } from "./check";
import { deviations } from "./deviations";
import { refusals } from "./refusals";
import { ownTable } from "./own-table";
import { published } from "./published";

const descriptions = [ownTable(), published()].flatMap((one) => one ?? []);

/** What is neither as described nor among the known deviations, and which of those were seen. */
export function judge(requests: readonly RequestSeen[]): { unknown: string[]; seen: Set<string> } {
  const unknown = new Set<string>();
  const seen = new Set<string>();
  for (const request of requests) {
    if (!request.path.startsWith("/v1/") || request.struck) continue;
    for (const one of descriptions.flatMap((description) => differences(description, request))) {
      if (deviations.some(({ what }) => what === one)) seen.add(one);
      else unknown.add(one);
    }
    if (request.status >= 400 && !isKnownRefusal(request)) {
      unknown.add(`${request.status} ${JSON.stringify(request.answer)}`);
    }
  }
  return { unknown: [...unknown], seen };
}

function isKnownRefusal({ status, answer }: RequestSeen): boolean {
  const body = answer as { error?: string; message?: string } | undefined;
  return refusals.some((one) => one.status === status && one.says.test(body?.[one.in] ?? ""));
}
