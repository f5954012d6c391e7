import { jsonOf, whyNoAnswer, withDeadline } from "../../support";
import { classifyStatus } from "./classify";
import type { HookAnswer, HookRequest } from "./contract";

const readAtMost = 64 * 1024;
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
        const answer = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json; charset=utf-8", ...headers },
          body: typeof body === "string" ? body : JSON.stringify(body),
          redirect: "manual",
          signal: until,
        });
        const text = await beginningOf(answer);
        return { outcome: classifyStatus(answer.status, answer.headers, text), body: jsonOf(text) };
      },
      signal,
    );
  } catch (error) {
    // What went wrong below the request is what tells whether anything left.
    const { reason, sent } = whyNoAnswer((error as { cause?: unknown }).cause ?? error);
    return { outcome: { kind: sent ? "unknown" : "later", detail: reason }, body: undefined };
  }
}

/** As much of an answer as is of use; the rest is not waited for. */
async function beginningOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  if (!reader) return "";
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < readAtMost) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  await reader.cancel();
  return Buffer.concat(pieces).subarray(0, readAtMost).toString("utf8");
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
