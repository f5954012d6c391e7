import { createTransport } from "nodemailer";
import { anySignal, messageOf } from "../../support";
import type { SendOutcome } from "../web-hooks";
import { classifyFailure } from "./classify";
import type { Mail, MailServer } from "./contract";

/** Hands a mail in and tells what became of it; it never throws. */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal | undefined },
): Promise<SendOutcome> {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.tls === "implicit",
    requireTLS: server.tls === "required",
    ignoreTLS: server.tls === "none",
    ...(server.login && {
      auth: { user: server.login.user, pass: server.login.password.reveal() },
    }),
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    // A body is text of ours: nothing in it names a file or an address to read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const deadline = AbortSignal.timeout(deadlineMs);
  const until = anySignal([signal, deadline]);
  try {
    const { rejected, response } = await abandonedAt(until, transport.sendMail(envelopeOf(mail)));
    const turnedDown = rejected.length > 0 ? `, not for ${rejected.length} of ${mail.to.length}` : "";
    return { kind: "delivered", detail: `${oneLine(response)}${turnedDown}` };
  } catch (error) {
    if (until.aborted) return { kind: "unknown", detail: "no answer in time" };
    return classifyFailure(error, oneLine(messageOf(error)));
  } finally {
    transport.close();
  }
}

function envelopeOf({ from, to, subject, text, html, messageId, inReplyTo }: Mail) {
  return {
    from: oneLine(from),
    to: to.map(oneLine),
    subject: oneLine(subject),
    text,
    html,
    messageId: whole(messageId),
    ...(inReplyTo !== undefined && { inReplyTo: whole(inReplyTo), references: whole(inReplyTo) }),
    // Answering machines stay quiet.
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/** Letters and digits alone, so nothing else gets into a header. */
function whole(id: string): string {
  return `<${id.replace(/[^A-Za-z0-9.-]/g, "-")}@dnd-tracker.invalid>`;
}

/** A header ends at a line end: none is left in what goes into one. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

async function abandonedAt<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const give = () => reject(new Error("no answer in time"));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
  return Promise.race([work, aborted]);
}
