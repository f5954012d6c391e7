import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { MongoMemoryServer } from "mongodb-memory-server-core";
import { openDirect } from "../../../../../infra/drivers/mongo";
import { describeWith } from "../../../../harness/tools";

describeWith("openssl")("a direct connection to a server that wants TLS", () => {
  let folder: string;
  let server: MongoMemoryServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dnd-tls-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const made = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "1",
      "-keyout",
      key,
      "-out",
      cert,
    ];
    execFileSync("openssl", [...made, ...names], { stdio: "ignore" });
    const both = join(folder, "both.pem");
    await writeFile(both, (await readFile(key, "utf8")) + (await readFile(cert, "utf8")));
    server = await MongoMemoryServer.create({
      instance: {
        storageEngine: "wiredTiger",
        args: ["--tlsMode", "requireTLS", "--tlsCertificateKeyFile", both],
        launchTimeout: 60_000,
      },
      binary: { systemBinary: process.env.DND_MONGOD ?? "", version: "6.0.5", checkMD5: false },
    });
  }, 90_000);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function connected(host: string, more: object): Promise<MongoClient> {
    const uri = `mongodb://${host}:${server.instanceInfo?.port}/?directConnection=true`;
    return MongoClient.connect(uri, { tls: true, ...more });
  }

  test("carries large answers whole, checked against the authority that the address names", async () => {
    const client = await connected("localhost", { tlsCAFile: join(folder, "cert.pem") });
    const direct = await openDirect(client);
    try {
      const stories = Array.from({ length: 40 }, (_, n) => ({ n, story: "x".repeat(100_000) }));
      await client.db("tls").collection("stories").insertMany(stories);
      const asked = { find: "stories", filter: {}, singleBatch: true, batchSize: 1000, $db: "tls" };
      const { cursor } = (await direct?.command(asked)) as { cursor: { firstBatch: object[] } };
      expect(cursor.firstBatch).toMatchObject(stories);
    } finally {
      direct?.close();
      await client.close();
    }
  });

  test("is not made where the certificate is another's, as the driver would not", async () => {
    const client = await connected("127.0.0.1", { tlsAllowInvalidCertificates: true });
    try {
      const strict = { ...client.options, rejectUnauthorized: true };
      const other = Object.create(client, { options: { value: strict } }) as MongoClient;
      expect(await openDirect(other)).toBeUndefined();
    } finally {
      await client.close();
    }
  });
});
