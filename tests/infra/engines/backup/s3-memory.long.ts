import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Binary, MongoClient } from "mongodb";
import { projectRoot } from "../../../../infra/support";
import { startS3Server, type S3Server } from "../../../harness/s3-server";
import { describeWith } from "../../../harness/tools";

const name = "backup_s3_memory";
const most = 220e6;

describeWith("versitygw")("the memory that an archive in S3 takes", () => {
  let server: S3Server;
  let client: MongoClient;
  beforeAll(async () => {
    server = await startS3Server();
    client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
    await client.db(name).dropDatabase();
    for (let batch = 0; batch < 30; batch++) {
      const documents = Array.from({ length: 5_000 }, (_, hero) => ({
        hero,
        data: new Binary(Buffer.concat([randomBytes(1_200), Buffer.alloc(800, batch)])),
      }));
      await client.db(name).collection("heroes").insertMany(documents);
    }
  }, 120_000);
  afterAll(async () => {
    for (const one of [name, `${name}_copy`]) await client.db(one).dropDatabase();
    await client.close();
    await server.stop();
  });

  async function work(action: string, id = ""): Promise<{ id: string; rss: number }> {
    const loader = join(projectRoot, "infra", "support", "typescript.cjs");
    const place = `s3://archives/memory?endpoint=${server.endpoint}`;
    const worker = join(__dirname, "s3-memory-worker.ts");
    const child = spawn(process.execPath, ["--require", loader, worker, action, place, name, id], {
      env: { ...process.env, S3_ACCESS_KEY_ID: "test-key", S3_SECRET_ACCESS_KEY: "test-secret" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (data) => (said += String(data)));
    await new Promise((closed) => child.once("close", closed));
    return JSON.parse(said || "{}") as { id: string; rss: number };
  }

  test("is below 220 MB for backup, verification, copy and restore of 300 MB", async () => {
    // When garbage is collected differs from run to run, what is held does not: the lesser of two counts.
    const first = await work("backup");
    const { id } = first;
    const least = first.rss < most ? first.rss : Math.min(first.rss, (await work("backup")).rss);
    const used: Record<string, number> = { backup: least };
    for (const action of ["verify", "copy", "restore"]) used[action] = (await work(action, id)).rss;
    console.log(
      `memory in MB: ${JSON.stringify(used, (_, value) => (typeof value === "number" ? Math.round(value / 1e6) : value) as unknown)}`,
    );
    expect(await client.db(`${name}_copy`).collection("heroes").countDocuments()).toBe(150_000);
    for (const bytes of Object.values(used)) expect(bytes).toBeLessThan(most);
  }, 300_000);
});
