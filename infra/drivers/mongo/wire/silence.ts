import type { MongoClient, ServerHeartbeatFailedEvent, ServerHeartbeatSucceededEvent } from "mongodb";
import type { ServerPlace } from "./message-socket";

/** A busy server is late with an answer, and even so it lets the driver's look in. */
const unansweredMs = 15_000;

/**
 * Says each time when the client's own looks at a server, on a connection of their own, have been unanswered for so long; ends
 * with the function that is given back.
 */
export function onSilence(client: MongoClient, { host, port }: ServerPlace, say: (ms: number) => void) {
  const address = plain(`${host}:${port}`);
  let heard = performance.now();
  const succeeded = ({ connectionId }: ServerHeartbeatSucceededEvent) => {
    if (plain(connectionId) === address) heard = performance.now();
  };
  const failed = ({ connectionId }: ServerHeartbeatFailedEvent) => {
    const isLong = performance.now() - heard >= unansweredMs;
    if (isLong && plain(connectionId) === address) say(unansweredMs);
  };
  client.on("serverHeartbeatSucceeded", succeeded);
  client.on("serverHeartbeatFailed", failed);
  return () => {
    client.off("serverHeartbeatSucceeded", succeeded);
    client.off("serverHeartbeatFailed", failed);
  };
}

/** Hosts and addresses have several spellings. */
function plain(address: string): string {
  return address.replace(/[[\]]/g, "").toLowerCase();
}
