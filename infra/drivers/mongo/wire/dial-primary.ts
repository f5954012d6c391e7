import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { MongoClient } from "mongodb";
import { placeOf } from "./open-direct";

const patienceMs = 15_000;

/** A bare connection to the member of a cluster that takes writes, over which somebody else talks to it. */
export async function dialPrimary(uri: string): Promise<Socket> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: patienceMs, connectTimeoutMS: patienceMs });
  try {
    await client.connect();
    const place = placeOf(client.options, await client.db("admin").command({ hello: 1 }));
    if (!place) throw new Error("no member of the cluster takes writes");
    const { host, port, tls } = place;
    const tcp = { host, port, noDelay: true, keepAlive: true };
    return await opened(
      tls ? connectTls({ ...tls, ...tcp }) : connectTcp(tcp),
      tls ? "secureConnect" : "connect",
    );
  } finally {
    await client.close();
  }
}

function opened(socket: Socket, event: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(patienceMs, () => socket.destroy(new Error("it does not answer")));
    socket.once("error", reject);
    socket.once(event, () => {
      socket.setTimeout(0);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}
