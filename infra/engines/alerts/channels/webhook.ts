import { postJson, signBody, signatureHeader } from "../../../drivers/web-hooks";
import { fixedName, threadName, type Message } from "../outbox/message";
import type { WebhookChannel } from "../settings";
import type { Channel } from "./channel";

/** Any web hook: one JSON document for each message, signed, with the same id for every attempt. */
export function webhookChannel({ name, minimum, fallback, config }: WebhookChannel): Channel {
  return {
    ...{ type: "webhook", name, minimum, fallback, takes: () => true },
    async send({ message, deadlineMs, signal, now }) {
      const body = JSON.stringify(documentOf(message));
      const signature = config.secret && signBody(body, config.secret.reveal(), now);
      const headers = {
        ...config.headers,
        "Dnd-Message-Id": fixedName(message),
        ...(signature && { [signatureHeader]: signature }),
      };
      return (await postJson({ url: config.url, body, headers, deadlineMs, signal })).outcome;
    },
  };
}

function documentOf(message: Message): object {
  const { letter, possiblyRepeated } = message;
  const { about, event, level, title, lines, environment, at, release } = letter;
  return {
    version: 1,
    id: fixedName(message),
    thread: threadName(letter),
    ...{ about, event, level, title, lines, environment },
    at: at.toISOString(),
    release: release ?? null,
    possiblyRepeated,
  };
}
