import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { raiseAlert } from "../../../infra/engines/alerts";
import { freePort } from "../../../infra/drivers/processes";
import { projectRoot, waitFor } from "../../../infra/support";
import { describeWith } from "../../harness/tools";
import { Receiver } from "../../infra/engines/alerts/receiver";
import { rulesFolder } from "../../rules/series-named";

let folder: string;
let client: MongoClient;
let ops: Db;
const running = new Set<ChildProcess>();
const slack = new Receiver();
const name = "monitor_service";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-monitor-"));
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  ops = client.db(`${name}_ops`);
  await ops.dropDatabase();
  await slack.start();
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await slack.stop();
  await ops.dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

interface Monitor {
  url: string;
  child: ChildProcess;
  ended: Promise<number | null>;
}

async function start(...args: string[]): Promise<Monitor> {
  const port = await freePort();
  const command = [
    join(projectRoot, "ops", "dnd.cjs"),
    "monitor",
    "--port",
    String(port),
    "--interval",
    "1s",
  ];
  const place = ["--uri", process.env.TEST_MONGODB_URI ?? "", "--db", name, ...args];
  const child = spawn(process.execPath, [...command, ...place], {
    env: { ...process.env, DND_DIR: folder, SLACK_WEBHOOK_URL: slack.url },
    stdio: "ignore",
  });
  running.add(child);
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  const url = `http://127.0.0.1:${port}`;
  await until("the monitor to answer", () => fetch(`${url}/health`).then(({ ok }) => ok));
  return { url, child, ended };
}

/** Waits for what may fail while it is not yet so. */
function until(what: string, ask: () => Promise<boolean>): Promise<true> {
  const asked = () =>
    ask().then(
      (so) => so || undefined,
      () => undefined,
    ) as Promise<true | undefined>;
  return waitFor(asked, { what, timeoutMs: 60_000, intervalMs: 200 });
}

const page = async ({ url }: Monitor) => (await fetch(`${url}/metrics`)).text();
const leads = async (monitor: Monitor) => (await page(monitor)).includes("dnd_monitor_leads 1");

describe("the monitor as a service", () => {
  test("a second one waits, takes over from one that was killed, tells what came meanwhile, and ends in order", async () => {
    const first = await start();
    await until("the first to lead", () => leads(first));
    const second = await start();
    expect(await leads(second)).toBe(false);
    first.child.kill("SIGKILL");
    await first.ended;
    await raiseAlert(ops, {
      ...{ rule: "dice", subject: "table", level: "critical" },
      ...{ title: "The dice are lost", text: "while nobody led" },
    });
    await until("the second to lead", () => leads(second));
    await until("a round of its own", async () => /dnd_monitor_rounds_total [1-9]/.test(await page(second)));
    const told = () =>
      slack.received.map(({ body }) => String(body.text)).filter((text) => text.includes("dice"));
    await until("the alert to arrive", () => Promise.resolve(told().length > 0));
    expect(told()).toHaveLength(1);
    expect((await fetch(`${second.url}/status`, { method: "POST" })).status).toBe(405);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    const [lease] = await ops.collection<{ holder: string | null }>("leases").find({}).toArray();
    expect(lease?.holder).toBeNull();
  }, 240_000);
});

describeWith("prometheus", "promtool")("a real Prometheus", () => {
  test("scrapes the monitor and finds no fault with it", async () => {
    const monitor = await start();
    await until("a round", () => leads(monitor));
    const port = await freePort();
    const config = join(folder, "prometheus.yml");
    await writeFile(
      config,
      [
        // A scrape may take no longer than its interval, on a machine that does much else too.
        "global: { scrape_interval: 4s, scrape_timeout: 4s, evaluation_interval: 1s }",
        `rule_files: ["${join(rulesFolder, "alerts.yml")}", "${join(rulesFolder, "records.yml")}"]`,
        "scrape_configs:",
        `  - { job_name: dnd, static_configs: [{ targets: ["${new URL(monitor.url).host}"] }] }`,
      ].join("\n"),
    );
    const place = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "tsdb")}`];
    const prometheus = spawn("prometheus", [...place, `--web.listen-address=127.0.0.1:${port}`], {
      stdio: "ignore",
    });
    running.add(prometheus);
    const query = async (expression: string) => {
      const at = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const { data } = (await (await fetch(at)).json()) as {
        data: { result: { value: [number, string] }[] };
      };
      return data.result.map(({ value: [, value] }) => value);
    };
    await until("a scrape", async () => (await query('up{job="dnd"}'))[0] === "1");
    await until("its figures", async () => (await query("dnd_database_up"))[0] === "1");
    await until(
      "its rules",
      async () => (await query("time() - dnd_monitor_last_round_timestamp_seconds")).length === 1,
    );
    prometheus.kill("SIGTERM");
    monitor.child.kill("SIGTERM");
    expect(await monitor.ended).toBe(0);
  }, 240_000);
});
