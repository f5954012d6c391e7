import type { Secret } from "../../support";

/** Where mail is handed in. */
export interface MailServer {
  host: string;
  port: number;
  /** "implicit": from the first byte; "required": refused without STARTTLS; "none": in the clear, for a server on this machine. */
  tls: "implicit" | "required" | "none";
  login?: { user: string; password: Secret };
}

/** One mail; a second one with the same `messageId` is the same mail. */
export interface Mail {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  /** Its local part; the whole is "<id@dnd-tracker.invalid>". */
  messageId: string;
  /** Of the mail that this one follows. */
  inReplyTo?: string;
}
