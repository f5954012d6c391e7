import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { jsonAnswer } from "./answers";
import type { PagesOptions } from "./options";

const wish = z.strictObject({ id: z.string().min(1).max(500) });
const bodyAtMost = 4096;

/** Resolves an alert for whoever bears the token. */
export async function resolveAnswer(
  request: Request,
  { token, resolveAlert }: Pick<PagesOptions, "token" | "resolveAlert">,
): Promise<Response> {
  if (request.method !== "POST") return jsonAnswer({ error: "only POST is possible here" }, 405, { allow: "POST" });
  if (token === undefined || !resolveAlert) return jsonAnswer({ error: "alerts cannot be resolved here" }, 403);
  if (!bears(request, token))
    return jsonAnswer({ error: "the token is not right" }, 401, { "www-authenticate": "Bearer" });
  const asked = wish.safeParse(await bodyOf(request));
  if (!asked.success) return jsonAnswer({ error: "the request is not valid" }, 400);
  return (await resolveAlert(asked.data.id, "dashboard"))
    ? jsonAnswer({ resolved: asked.data.id })
    : jsonAnswer({ error: "there is no such open alert" }, 404);
}

/** Compared in a time that tells nothing of how much of it was right. */
function bears(request: Request, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

async function bodyOf(request: Request): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyAtMost) return undefined;
  const text = await request.text();
  try {
    return text.length > bodyAtMost ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
