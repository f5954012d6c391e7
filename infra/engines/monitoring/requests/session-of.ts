import type { IncomingMessage } from "node:http";

/** Cookies that carry a session, those of NextAuth among them. */
const names = ["__Secure-next-auth.session-token", "next-auth.session-token", "session"];

/** What tells one visitor from another: the session's cookie, else the address with the browser. */
export function sessionOf(message: IncomingMessage): string {
  const { cookie } = message.headers;
  if (cookie !== undefined) {
    for (const name of names) {
      const value = valueOf(cookie, name);
      if (value !== undefined) return value;
    }
  }
  const behindRouter = message.headers["fly-client-ip"];
  const address = typeof behindRouter === "string" ? behindRouter : (message.socket.remoteAddress ?? "");
  return address + (message.headers["user-agent"] ?? "");
}

function valueOf(cookie: string, name: string): string | undefined {
  let from = cookie.indexOf(name);
  // The name may also be the end of another's, or part of a value.
  while (from >= 0) {
    const starts = from === 0 || cookie[from - 1] === " " || cookie[from - 1] === ";";
    const value = from + name.length + 1;
    if (starts && cookie[value - 1] === "=") {
      const end = cookie.indexOf(";", value);
      return cookie.slice(value, end < 0 ? undefined : end);
    }
    from = cookie.indexOf(name, value);
  }
  return undefined;
}
