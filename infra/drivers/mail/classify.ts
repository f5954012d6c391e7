import type { SendOutcome } from "../web-hooks";

interface SmtpFailure {
  code?: string;
  /** The server's own number. */
  responseCode?: number;
  /** "connect" where no connection came about. */
  syscall?: string;
}

/** Failures that come before a mail is handed over. */
const beforehand = new Set(["ECONNREFUSED", "EDNS", "EAUTH", "EENVELOPE"]);
/** What no second try mends: the server offers no encryption, or wants a login that nobody gave. */
const forGood = new Set(["ENOAUTH", "ETLS", "ECONFIG"]);

/** What a failure to hand in a mail means: SMTP's 5xx are for good, its 4xx are not. */
export function classifyFailure(error: unknown, detail: string): SendOutcome {
  const { code = "", responseCode = 0, syscall } = error as SmtpFailure;
  if (responseCode >= 500 || forGood.has(code)) return { kind: "refused", detail };
  if (responseCode >= 400 || beforehand.has(code) || syscall === "connect") return { kind: "later", detail };
  return { kind: "unknown", detail };
}
