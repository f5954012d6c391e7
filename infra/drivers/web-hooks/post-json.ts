import { jsonOf, smallRequest, whyNoAnswer, withDeadline } from "../../support";
import { classifyStatus } from "./classify";
import type { HookAnswer, HookRequest } from "./contract";

const headerName = /^[A-Za-z0-9-]+$/;
/** No line end and no control character: a header stays one header. */
const headerValue = /^[\x20-\x7e]*$/;

/** Posts a JSON document and tells what became of it; it neither throws nor follows a redirection. */
export async function postJson(request: HookRequest): Promise<HookAnswer> {
  const wrong = whatIsWrong(request);
  if (wrong) return { outcome: { kind: "refused", detail: wrong }, body: undefined };
  const { url, headers, body, deadlineMs, signal } = request;
  try {
    return await withDeadline(
      deadlineMs,
      async (until) => {
        const answer = await smallRequest(url, {
          method: "POST",
          headers: {
            ...{ "user-agent": "dnd-tracker", "content-type": "application/json; charset=utf-8" },
            ...headers,
          },
          body: typeof body === "string" ? body : JSON.stringify(body),
          signal: until,
        });
        return { outcome: classifyStatus(answer), body: jsonOf(answer.text) };
      },
      signal,
    );
  } catch (error) {
    // What went wrong below the request is what tells whether anything left.
    const { reason, sent } = whyNoAnswer((error as { cause?: unknown }).cause ?? error);
    return { outcome: { kind: sent ? "unknown" : "later", detail: reason }, body: undefined };
  }
}

function whatIsWrong({ url, headers = {} }: HookRequest): string | undefined {
  if (!URL.canParse(url)) return "the address is none";
  const { protocol, username, password } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return "the address is neither http nor https";
  if (username !== "" || password !== "") return "the address carries a login";
  const bad = Object.entries(headers).find(
    ([name, value]) => !headerName.test(name) || !headerValue.test(value),
  );
  return bad && `the header ${JSON.stringify(bad[0])} holds what a header may not hold`;
}
