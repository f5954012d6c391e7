import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FlyStandIn } from "../embedded/fly";
import { openFlyApi, type FlyApi } from "../infra/drivers/fly-api";
import { deploy, type DeployWish, type StrategyWish } from "../infra/engines/fly";
import { Secret } from "../infra/support";

// A deployment of 16 machines with checks, and of a second fleet of 8, at a stand-in with the latencies of the real
// thing; the same with Fly's own tool where it is on PATH. Then a version that crashes at its start.

const { values } = parseArgs({ options: { machines: { type: "string", default: "16" } } });
const gate = { timeoutMs: 300_000, bakeMs: 2000, toleratedRestarts: 0 };
const rolling: StrategyWish = { kind: "rolling", maxUnavailable: 0.33 };
const image = (version: string) => `registry.fly.io/web:deployment-${version}`;

interface Measured {
  seconds: number;
  calls: number;
  refused: number;
}

async function main(): Promise<void> {
  const flyctl = findFlyctl();
  if (!flyctl) console.log("there is no flyctl on PATH to compare with");
  await compare(flyctl, Number(values.machines), "rolling", rolling);
  await compare(flyctl, 8, "bluegreen", { kind: "bluegreen", drainMs: 2000 });
  await crash();
}

async function compare(
  flyctl: string | undefined,
  machines: number,
  name: string,
  strategy: StrategyWish,
): Promise<void> {
  console.log(`\n${name} of ${machines} machines`);
  const ours = await withFleet(machines, (api, fly) =>
    measure(fly, () => deploy(wishOf("v2", machines, strategy), { api }).then(() => undefined)),
  );
  tell("this project", ours);
  if (!flyctl) return;
  const theirs = await withFleet(machines, (_, fly, url) =>
    measure(fly, () => deployElsewhere(flyctl, url, name)),
  );
  tell("flyctl", theirs);
  console.log(`time ${(ours.seconds / theirs.seconds).toFixed(2)} of flyctl's (at most 0.8)`);
  console.log(`calls ${(ours.calls / theirs.calls).toFixed(2)} of flyctl's (at most 0.5)`);
}

async function crash(): Promise<void> {
  await withFleet(4, async (api, fly) => {
    fly.script(image("v2"), { exit: { afterMs: 200, code: 1 } });
    let failedAfter = 0;
    const started = performance.now();
    const progress = (line: string) => {
      if (line.startsWith("bringing")) failedAfter ||= performance.now() - started;
    };
    const wish = wishOf("v2", 4, rolling);
    await deploy(wish, { api, progress }).catch(() => undefined);
    console.log(`\na crash at the start is noticed after ${(failedAfter / 1000).toFixed(1)}s (at most 3s)`);
    console.log(`all is back after ${((performance.now() - started) / 1000).toFixed(1)}s`);
  });
}

/** An app of healthy machines, which both sides may take for their own. */
async function withFleet<T>(
  count: number,
  work: (api: FlyApi, fly: FlyStandIn, url: string) => Promise<T>,
): Promise<T> {
  const fly = new FlyStandIn({ replyMs: 80, replaceMs: 700 });
  const url = await fly.listen();
  try {
    const api = openFlyApi({ token: new Secret("bench"), baseUrl: url });
    await api.apps.create({ name: "web", org_slug: "personal" });
    for (const version of ["v1", "v2"]) fly.script(image(version), { bootMs: 1200, stopMs: 400 });
    await deploy({ ...wishOf("v1", count, { kind: "immediate" }), gate: { ...gate, bakeMs: 0 } }, { api });
    return await work(api, fly, url);
  } finally {
    await fly.close();
  }
}

function wishOf(version: string, count: number, strategy: StrategyWish): DeployWish {
  const check = { type: "http", port: 8080, path: "/ready", interval: "2s", timeout: "1s" };
  const service = {
    protocol: "tcp",
    internal_port: 8080,
    ports: [{ port: 443, handlers: ["tls", "http"] }],
    checks: [check],
  };
  const config = { image: image(version), services: [service] };
  return { app: "web", groups: [{ name: "app", config, counts: { iad: count } }], strategy, gate };
}

async function measure(fly: FlyStandIn, work: () => Promise<void>): Promise<Measured> {
  const before = fly.requests.length;
  const started = performance.now();
  await work();
  const asked = fly.requests.slice(before);
  return {
    seconds: (performance.now() - started) / 1000,
    calls: asked.length,
    refused: asked.filter(({ status }) => status === 429).length,
  };
}

const settings = `app = "web"
primary_region = "iad"
[http_service]
  internal_port = 8080
  [[http_service.checks]]
    interval = "2s"
    timeout = "1s"
    method = "GET"
    path = "/ready"
`;

async function deployElsewhere(flyctl: string, url: string, strategy: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-bench-fly-"));
  try {
    await writeFile(join(folder, "fly.toml"), settings);
    const flags = [
      "--image",
      image("v2"),
      "--strategy",
      strategy,
      "--max-unavailable",
      "0.33",
      "--dns-checks=false",
      "--yes",
    ];
    const env = { ...process.env, ...redirected(url), FLY_CONFIG_DIR: folder };
    const child = spawn(flyctl, ["deploy", "--config", join(folder, "fly.toml"), ...flags], { env });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    if (code !== 0) console.log(`flyctl ended with ${code}: ${said.slice(-500)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function redirected(url: string): Record<string, string> {
  return {
    ...{ FLY_FLAPS_BASE_URL: url, FLY_API_BASE_URL: url, FLY_UIEX_BASE_URL: url, FLY_ACCESS_TOKEN: "bench" },
    ...{
      FLY_SEND_METRICS: "0",
      FLY_SYNTHETICS_AGENT: "0",
      FLY_NO_UPDATE_CHECK: "1",
      FLY_NO_INCIDENTS_CHECK: "1",
    },
  };
}

function findFlyctl(): string | undefined {
  try {
    return execFileSync("sh", ["-c", "command -v flyctl"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

function tell(name: string, { seconds, calls, refused }: Measured): void {
  console.log(`${name}: ${seconds.toFixed(1)}s, ${calls} calls, ${refused} of them refused for their rate`);
}

void main();
