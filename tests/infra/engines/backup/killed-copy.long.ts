import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, Socket, type AddressInfo, type Server } from "node:net";
import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { openStore } from "../../../../infra/drivers/store";
import { copyArchive, listArchives, verifyArchive } from "../../../../infra/engines/backup";
import { waitFor } from "../../../../infra/support";
import { startS3Server, type S3Server } from "../../../harness/s3-server";
import { describeWith } from "../../../harness/tools";
import { isKilled } from "./killed-process";
import { SmallDatabase } from "./small-database";

const archiveBytes = 16_000_000;

describeWith("versitygw")("a copy that was killed while it sent its archive to S3", () => {
  let small: SmallDatabase;
  let server: S3Server;
  let way: CountedWay;
  let from: string;
  let id: string;
  const before = { ...process.env };

  beforeAll(async () => {
    server = await startS3Server();
    way = await CountedWay.open(Number(new URL(server.endpoint).port));
    Object.assign(process.env, { S3_ACCESS_KEY_ID: "test-key", S3_SECRET_ACCESS_KEY: "test-secret" });
    small = await SmallDatabase.open("backup_killed_copy");
    const noise = Array.from({ length: archiveBytes / 1e6 }, () => ({ data: randomBytes(1_000_000) }));
    await small.source.collection("noise").insertMany(noise);
    from = `s3://archives/from?endpoint=${server.endpoint}`;
    ({ id } = await small.take({ store: from }));
  }, 120_000);
  afterAll(async () => {
    process.env = before;
    await small.close();
    way.close();
    await server.stop();
  });

  async function uploads(): Promise<number> {
    const client = server.client();
    try {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: "archives" }));
      return Uploads.length;
    } finally {
      client.destroy();
    }
  }

  test.each([0.1, 0.4, 0.7, 0.95])(
    "at %d of its bytes lists as no archive, and the next one completes it and takes away what was left",
    async (part) => {
      const place = `s3://archives/to-${part * 100}`;
      const to = `${place}?endpoint=${server.endpoint}`;
      const slow = `${place}?endpoint=${way.endpoint}`;
      const copy = JSON.stringify({ from, to: slow, id });
      way.holdAfter(part * archiveBytes);
      const killed = isKilled("killed-copy.ts", { COPY: copy }, async (kill) => {
        const held = () => Promise.resolve(way.isHeld || undefined);
        await waitFor(held, { what: "the middle of the upload", timeoutMs: 60_000, intervalMs: 10 });
        kill();
      });
      expect(await killed).toBe(true);
      way.letGo();
      expect(await listArchives(to)).toEqual([]);

      expect(await copyArchive({ from, to, id })).toBe("copied");
      expect(await verifyArchive(to, id)).toMatchObject({ id, verified: true });
      expect(await uploads()).toBe(0);
      const names = (await openStore(to).list()).map(({ name }) => name.slice(small.name.length + 1));
      expect(names.sort()).toEqual([`${id}.archive.gz`, `${id}.json`, "latest.json"]);
    },
    120_000,
  );
});

/** A way to a server that stops to carry anything after so many bytes: what happens then happens in the middle. */
class CountedWay {
  #left = Infinity;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async open(port: number): Promise<CountedWay> {
    const server = createServer();
    const way = new CountedWay(server);
    server.on("connection", (socket) => way.#carry(socket, port));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return way;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get isHeld(): boolean {
    return this.#left <= 0;
  }

  holdAfter(bytes: number): void {
    this.#left = bytes;
  }

  letGo(): void {
    this.#left = Infinity;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.letGo();
    this.server.close();
  }

  #carry(here: Socket, port: number): void {
    const there = new Socket().connect(port, "127.0.0.1");
    for (const socket of [here, there]) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        (socket === here ? there : here).destroy();
      });
    }
    here.on("data", (bytes) => {
      this.#left -= bytes.length;
      if (this.isHeld) here.pause();
      else there.write(bytes);
    });
    there.pipe(here);
  }
}
