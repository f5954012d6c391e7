import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../infra/support";
import { median } from "../shared/pairs";

interface Ports {
  bare: number;
  plain: number;
  constant: number;
  web: number;
}

const connections = 50;

/** Health checks a second beside those of a server that answers a constant, in turn. */
export async function measureHealth(uri: string, rounds: number, seconds: number): Promise<void> {
  const servers = fork(join(__dirname, "health-servers.ts"), [uri], {
    execArgv: ["--require", join(projectRoot, "infra", "support", "typescript.cjs")],
  });
  try {
    const [ports] = (await once(servers, "message")) as [Ports];
    await compare("plain mount", ports.plain, ports.bare, "a bare node:http handler", { rounds, seconds });
    await compare("through Request and Response", ports.web, ports.constant, "a constant Response", {
      rounds,
      seconds,
    });
    await tellQueries(servers, ports.plain, seconds);
  } finally {
    servers.kill();
  }
}

async function compare(
  name: string,
  ours: number,
  theirs: number,
  other: string,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<void> {
  const measured = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const a = await perSecond(ours, seconds);
    const b = await perSecond(theirs, seconds);
    // The first round only warms both up.
    if (round === 0) continue;
    measured.ours.push(a);
    measured.theirs.push(b);
  }
  const ratio = median(measured.ours.map((value, n) => value / (measured.theirs[n] ?? Number.NaN)));
  console.log(`\n/api/health, ${name}: ${Math.round(median(measured.ours))} requests/s`);
  console.log(`${other}: ${Math.round(median(measured.theirs))} requests/s`);
  console.log(`ratio, median of ${rounds} pairs: ${ratio.toFixed(2)} (target: at least 0.7)`);
}

async function perSecond(port: number, seconds: number): Promise<number> {
  const program = join(projectRoot, "node_modules", "autocannon", "autocannon.js");
  const url = `http://127.0.0.1:${port}/api/health`;
  const flags = ["--json", "--connections", String(connections), "--duration", String(seconds), url];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...flags], { maxBuffer: 1e8 });
  const { requests, non2xx, errors } = JSON.parse(stdout) as {
    requests: { average: number };
    non2xx: number;
    errors: number;
  };
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers were bad and ${errors} requests failed`);
  return requests.average;
}

/** How often the database was asked under load. */
async function tellQueries(servers: ChildProcess, port: number, seconds: number): Promise<void> {
  const before = await queriesOf(servers);
  const started = performance.now();
  await perSecond(port, seconds);
  const queries = (await queriesOf(servers)) - before;
  const each = queries / ((performance.now() - started) / 1000);
  console.log(`\ndatabase queries a second under load: ${each.toFixed(2)} (target: at most 1)`);
}

async function queriesOf(servers: ChildProcess): Promise<number> {
  servers.send("queries");
  const [queries] = (await once(servers, "message")) as [number];
  return queries;
}
