import { spawn } from "node:child_process";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { S3Store } from "../../../../infra/drivers/store/s3";
import { projectRoot } from "../../../../infra/support";
import { startS3Server, type S3Server } from "../../../harness/s3-server";
import { describeWith } from "../../../harness/tools";
import { startToxiproxy, type ToxicProxy } from "../../../harness/toxiproxy";

interface Told {
  sha256?: string;
  code?: string;
  message?: string;
  rss?: number;
}

describeWith("versitygw", "toxiproxy-server")("S3 over a bad network", () => {
  let server: S3Server;
  let proxy: ToxicProxy;
  beforeAll(async () => {
    server = await startS3Server();
    proxy = await startToxiproxy(Number(new URL(server.endpoint).port));
  }, 30_000);
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  afterEach(() => proxy.heal());

  const through = (port: number) => `s3://archives/faults?endpoint=http://127.0.0.1:${port}&region=us-east-1`;

  /** Runs the worker, which may be disturbed once it is on its way. */
  function work(
    action: "send" | "read",
    name: string,
    options: { place?: string; mebibytes?: number; after?: () => Promise<void> } = {},
  ): Promise<Told> {
    const { place = through(proxy.port), mebibytes = 40, after } = options;
    const loader = join(projectRoot, "infra", "support", "typescript.cjs");
    const args = [
      "--require",
      loader,
      join(__dirname, "s3-worker.ts"),
      action,
      place,
      name,
      String(mebibytes),
    ];
    const env = { ...process.env, S3_ACCESS_KEY_ID: "test-key", S3_SECRET_ACCESS_KEY: "test-secret" };
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    let disturbed = false;
    child.stdout.on("data", (data) => {
      said += String(data);
      if (disturbed || said.split("\n").length < 5) return;
      disturbed = true;
      void after?.();
    });
    return new Promise((resolve) =>
      child.once("close", () => resolve(JSON.parse(said.trim().split("\n").at(-1) ?? "{}") as Told)),
    );
  }

  const sizes = async () => new S3Store(server.place("faults")).list();
  const blink = async () => {
    await proxy.cut();
    await new Promise((go) => setTimeout(go, 400));
    await proxy.mend();
  };

  test("an upload whose connection is cut goes on, and what is stored is whole; so does a read", async () => {
    const sent = await work("send", "db/cut", { after: blink });
    expect(sent).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
    expect(await sizes()).toEqual([{ name: "db/cut", bytes: 40 * 1024 * 1024 }]);
    const got = await work("read", "db/cut", { after: blink });
    expect(got.sha256).toBe(sent.sha256);
  }, 60_000);

  test("a service that stays away is named, and no object is seen", async () => {
    const told = await work("send", "db/away", { after: () => proxy.cut() });
    await proxy.mend();
    expect(told.code).toBe("store-unreachable");
    expect((await sizes()).map(({ name }) => name)).not.toContain("db/away");
  }, 60_000);

  test("a slow one is waited for", async () => {
    await proxy.spoil({ type: "latency", stream: "downstream", attributes: { latency: 300, jitter: 100 } });
    expect((await work("send", "db/slow", { mebibytes: 14 })).sha256).toMatch(/^[0-9a-f]{64}$/);
  }, 60_000);

  test.each([500, 503])(
    "answers of %d are asked again",
    async (status) => {
      const faulty = await faultyFront(Number(new URL(server.endpoint).port), status);
      try {
        const place = through((faulty.address() as AddressInfo).port);
        const sent = await work("send", `db/e${status}`, { place, mebibytes: 26 });
        expect(sent.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect((await work("read", `db/e${status}`, { place })).sha256).toBe(sent.sha256);
      } finally {
        faulty.closeAllConnections();
        faulty.close();
      }
    },
    60_000,
  );
});

/** A front before the service that answers every third request with a failure of its own. */
async function faultyFront(port: number, status: number): Promise<Server> {
  let count = 0;
  const server = createServer((asked, answer) => {
    count += 1;
    if (count % 3 === 0) {
      asked.resume();
      asked.once("end", () => answer.writeHead(status).end());
      return;
    }
    const { method, url, headers } = asked;
    const passed = request({ host: "127.0.0.1", port, method, path: url, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(answer);
    });
    passed.once("error", () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}
