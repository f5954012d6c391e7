import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { MongoClient } from "mongodb";
import { deploymentPages } from "../../../../../infra/engines/monitoring";

const sockets: Socket[] = [];
const silent = createServer((socket) => sockets.push(socket));
let away: MongoClient;

beforeAll(async () => {
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  away = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await away.close();
  silent.close();
});

test("a database that takes connections and says nothing keeps no reader of the pages waiting for it", async () => {
  const pages = deploymentPages({
    ...{ ops: away.db("silent_ops"), database: away.db("silent"), environment: "production", version: "1" },
    mayResolve: false,
  });
  const paths = ["/deployments", "/deployments/data.json", "/status"];
  const answers = await Promise.all(
    paths.map((path) => pages[path]?.(new Request(`http://pages${path}`)).then(({ status }) => status)),
  );
  // The driver itself would wait for thirty seconds.
  expect(answers).toEqual([503, 503, 503]);
}, 25_000);
