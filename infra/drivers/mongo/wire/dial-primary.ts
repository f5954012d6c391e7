import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { MongoClient, type TopologyDescription } from "mongodb";
import { placeOf } from "./open-direct";

const patienceMs = 15_000;

/** A cluster that is watched for as long as anybody is connected to the member that takes its writes. */
interface Watched {
  client: Promise<MongoClient>;
  sockets: Map<Socket, string>;
  users: number;
}

const clusters = new Map<string, Watched>();

/** A bare connection to the member of a cluster that takes writes, over which somebody else talks to it; it ends when another member does. */
export async function dialPrimary(uri: string): Promise<Socket> {
  const cluster = clusters.get(uri) ?? watch(uri);
  clusters.set(uri, cluster);
  cluster.users++;
  try {
    const client = await cluster.client;
    const place = placeOf(client.options, await client.db("admin").command({ hello: 1 }));
    if (!place) throw new Error("no member of the cluster takes writes");
    const { host, port, tls } = place;
    const tcp = { host, port, noDelay: true, keepAlive: true };
    const dialled = tls ? connectTls({ ...tls, ...tcp }) : connectTcp(tcp);
    const socket = await opened(dialled, tls ? "secureConnect" : "connect");
    cluster.sockets.set(socket, `${host}:${port}`.toLowerCase());
    socket.once("close", () => leave(uri, cluster, socket));
    return socket;
  } catch (error) {
    leave(uri, cluster);
    throw error;
  }
}

function watch(uri: string): Watched {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: patienceMs,
    connectTimeoutMS: patienceMs,
    maxPoolSize: 2,
  });
  const cluster: Watched = { client: client.connect(), sockets: new Map(), users: 0 };
  client.on("topologyDescriptionChanged", ({ newDescription }) => endFormer(newDescription, cluster));
  return cluster;
}

/** Who talks to a member that takes writes no more would be refused by it for ever. */
function endFormer({ servers }: TopologyDescription, { sockets }: Watched): void {
  const primary = [...servers.values()].find(({ type }) => type === "RSPrimary")?.address.toLowerCase();
  if (primary === undefined) return;
  for (const [socket, address] of sockets)
    if (address !== primary) socket.destroy(new Error("another member takes the writes"));
}

function leave(uri: string, cluster: Watched, socket?: Socket): void {
  if (socket) cluster.sockets.delete(socket);
  if (--cluster.users > 0) return;
  if (clusters.get(uri) === cluster) clusters.delete(uri);
  void cluster.client.then((client) => client.close()).catch(() => undefined);
}

function opened(socket: Socket, event: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(patienceMs, () => socket.destroy(new Error("it does not answer")));
    // Whoever gets it hears of its end by "close", too.
    socket.on("error", reject);
    socket.once(event, () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}
