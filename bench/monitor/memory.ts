import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../../infra/drivers/processes";
import { formatSize, projectRoot, waitFor } from "../../infra/support";

/** An hour has so many rounds of thirty seconds; while one second stands for thirty, all that an hour brings is asked. */
const roundsOfAnHour = 120;
const askedEachRound = [
  ...["/metrics", "/metrics", "/api/health", "/api/monitoring/deployment?action=stats"],
  ...["/deployments", "/deployments/data.json"],
];
const healthChecksEachRound = 30;
const limit = 120_000_000;

/** The memory of `dnd monitor` over an hour's rounds, scrapes and health checks in fast motion. */
export async function measureMemory(uri: string, rounds = roundsOfAnHour): Promise<void> {
  const port = await freePort();
  const app = createServer((_, response) => response.end('{"status":"ok"}')).listen(0, "127.0.0.1");
  await once(app, "listening");
  const program = join(projectRoot, "ops", "dnd.cjs");
  const database = ["--uri", uri, "--db", "bench_monitor"];
  // Its code is translated before, as in an image: what a first start after a change does is not an hour's load.
  await promisify(execFile)(process.execPath, [program, "monitor", "--once", ...database]);
  const monitor = spawn(
    process.execPath,
    [
      // As a person starts it; the stacks add a limit.
      ...[program, "monitor", "--port", String(port), "--interval", "1s", ...database],
      ...["--url", `http://127.0.0.1:${(app.address() as AddressInfo).port}`],
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  try {
    const url = `http://127.0.0.1:${port}`;
    const answers = () =>
      fetch(`${url}/health`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    await waitFor(answers, { what: "the monitor to answer", timeoutMs: 60_000 });
    const start = await memoryOf(monitor);
    for (let round = 0; round < rounds; round++) await Promise.all([sleep(1000), askAll(url)]);
    const { now, highest } = await memoryOf(monitor);
    console.log(`\nmemory of the monitor over ${rounds} rounds with what an hour asks of it`);
    console.log(
      `${formatSize(start.now)} at the start, ${formatSize(now)} at the end, never over ${formatSize(highest)} (target: under ${formatSize(limit)})`,
    );
  } finally {
    monitor.kill("SIGTERM");
    app.close();
  }
}

async function askAll(url: string): Promise<void> {
  const paths = [
    ...askedEachRound,
    ...Array.from({ length: healthChecksEachRound }, () => "/health"),
    "/status",
  ];
  await Promise.all(paths.map((path) => fetch(url + path).then((answer) => answer.arrayBuffer())));
}

/** What the system counts as the process's own, now and at the most, in bytes. */
async function memoryOf({ pid }: ChildProcess): Promise<{ now: number; highest: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  return { now: bytes("VmRSS"), highest: bytes("VmHWM") };
}
