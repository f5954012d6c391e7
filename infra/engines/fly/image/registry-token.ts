import { z } from "zod";
import type { RegistryLogin } from "./resolve-image";

interface Asking {
  send: typeof fetch;
  signal: AbortSignal;
}

const tokenSchema = z.looseObject({ token: z.string().optional(), access_token: z.string().optional() });

/** The authorization that a registry's challenge asks for: the login itself, or a token that it is exchanged for. */
export async function bearerToken(
  challenge: string,
  login: RegistryLogin | undefined,
  { send, signal }: Asking,
): Promise<string> {
  const basic = login
    ? `Basic ${Buffer.from(`${login.user}:${login.password.reveal()}`).toString("base64")}`
    : undefined;
  if (/^basic/i.test(challenge)) return basic ?? "";
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = value("realm");
  if (!realm) return basic ?? "";
  const url = new URL(realm);
  for (const name of ["service", "scope"]) {
    const text = value(name);
    if (text) url.searchParams.set(name, text);
  }
  const response = await send(url, { headers: basic ? { authorization: basic } : {}, signal });
  const parsed = tokenSchema.safeParse(await response.json().catch(() => ({})));
  return `Bearer ${parsed.data?.token ?? parsed.data?.access_token ?? ""}`;
}
