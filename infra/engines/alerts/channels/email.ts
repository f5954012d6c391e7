import type { EmailChannel } from "../settings";
import { fixedName, type Message } from "../outbox/message";
import type { Letter } from "../outbox/letter";
import type { Channel } from "./channel";
import { htmlText, plainText, subjectOf } from "./email-text";

/** Steps of a release that go well fill nobody's mailbox. */
const releaseMails = new Set<Letter["event"]>(["done", "failed", "undone"]);

/** Mail, as text and HTML; every attempt bears the same Message-ID, so mail servers see one mail. */
export function emailChannel({ name, minimum, fallback, config }: EmailChannel): Channel {
  const { host, port, tls, user, password } = config.smtp;
  const login = user !== undefined && password !== undefined ? { login: { user, password } } : {};
  return {
    ...{ type: "email", name, minimum, fallback },
    takes: ({ about, event }) => (about === "release" ? releaseMails.has(event) : event !== "acknowledged"),
    async send({ message, threadReceipt, deadlineMs, signal }) {
      const { sendMail } = require("../../../drivers/mail") as typeof import("../../../drivers/mail");
      const mail = { from: config.from, to: config.recipients, ...mailOf(message) };
      const inReplyTo = threadReceipt?.messageId;
      const outcome = await sendMail(
        { host, port, tls, ...login },
        { ...mail, ...(inReplyTo !== undefined && inReplyTo !== mail.messageId && { inReplyTo }) },
        { deadlineMs, signal },
      );
      if (outcome.kind !== "delivered") return outcome;
      return { ...outcome, receipt: { messageId: mail.messageId } };
    },
  };
}

function mailOf(message: Message) {
  const { letter, possiblyRepeated } = message;
  return {
    subject: subjectOf(letter),
    text: plainText(letter, possiblyRepeated),
    html: htmlText(letter, possiblyRepeated),
    messageId: fixedName(message),
  };
}
