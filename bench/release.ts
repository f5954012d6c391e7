import { parseArgs } from "node:util";
import { formatDuration, formatSize } from "../infra/support";
import { LocalStack } from "../tests/harness/local-stack";
import { fillDatabase } from "./release/fill";
import { measured, tableOf, type Measured } from "./release/measured";

// A whole release of the local stack, and both ways back, under a load: two machines, a database of 400 MB.

const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "400" },
    rate: { type: "string", default: "200" },
    rounds: { type: "string", default: "3" },
  },
});

/** What a round must keep to, in milliseconds. */
const promised = { release: 30_000, overhead: 4000, healthy: 10_000, aboveRestore: 10_000 };

async function main(): Promise<void> {
  const stack = await LocalStack.open({ backup: { compression: "fast" }, app: { machines: 2 } });
  try {
    await must(stack, "up", "--yes");
    const { databaseUri, databaseName } = await stack.outputs();
    const bytes = await fillDatabase(String(databaseUri), String(databaseName), Number(values.megabytes));
    console.log(
      `${formatSize(bytes)} of documents, ${values.rate} requests a second, ${values.rounds} rounds`,
    );
    const rounds: Measured[] = [];
    for (let round = 1; round <= Number(values.rounds); round++) {
      const measuredNow = await runRound(stack, round);
      // At once: what a later round runs into takes nothing from this one.
      console.log(`round ${round}\n${tableOf(measuredNow)}`);
      rounds.push(...measuredNow);
    }
    if (rounds.some(({ kept }) => !kept)) process.exitCode = 1;
  } finally {
    await stack.close();
  }
}

async function runRound(stack: LocalStack, round: number): Promise<Measured[]> {
  const rate = Number(values.rate);
  const version = `${round}.1.0`;
  await stack.configure({ app: { version } });
  const release = await measured(stack, { rate, version, command: ["up", "--yes"] });
  const before = await versionBefore(stack, version);
  const app = await measured(stack, { rate, version: before, command: ["rollback", "app", "--yes"] });
  await lift(stack);
  await stack.configure({ app: { version: `${round}.2.0` } });
  await must(stack, "up", "--yes");
  // Requests are held back while data is restored: a load would only measure that.
  const full = ["rollback", "full", "--backup", "latest", "--yes"];
  const data = await measured(stack, { rate: 0, version: null, command: full });
  await lift(stack);
  return [
    {
      ...{ what: "release, whole", ms: release.ms, limit: promised.release, detail: steps(release.steps) },
      kept: release.ms <= promised.release,
    },
    {
      ...{ what: "release, own overhead", ms: release.overheadMs, limit: promised.overhead, detail: "" },
      kept: release.overheadMs <= promised.overhead,
    },
    failed("release, failed requests", release.failures, release.requests),
    {
      ...{
        what: "app rollback to healthy",
        ms: app.healthyMs,
        limit: promised.healthy,
        detail: steps(app.steps),
      },
      kept: app.healthyMs <= promised.healthy,
    },
    failed("app rollback, failed requests", app.failures, app.requests),
    {
      ...{
        what: "full rollback above its restore",
        ms: data.ms - data.restoreMs,
        limit: promised.aboveRestore,
      },
      detail: steps(data.steps),
      kept: data.ms - data.restoreMs <= promised.aboveRestore,
    },
  ];
}

function failed(what: string, failures: number, requests: number): Measured {
  return { what, ms: null, limit: null, detail: `${failures} of ${requests}`, kept: failures === 0 };
}

function steps(all: ReadonlyMap<string, number>): string {
  return [...all].map(([name, ms]) => `${name} ${formatDuration(ms)}`).join(", ");
}

/** The version that an app rollback brings back. */
async function versionBefore(stack: LocalStack, version: string): Promise<string> {
  const { stdout } = await stack.plain("release", "list", "--json");
  const list = JSON.parse(stdout) as { image: { version: string }; state?: string; outcome?: string }[];
  return list.find(({ image }) => image.version !== version)?.image.version ?? "";
}

/** Images that were rolled back may run again in the next round. */
async function lift(stack: LocalStack): Promise<void> {
  const { stdout } = await stack.dnd("rollback", "quarantine", "--json");
  for (const { _id } of JSON.parse(stdout) as { _id: string }[])
    await must(stack, "rollback", "release-image", _id, "--yes");
}

async function must(stack: LocalStack, command: string, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await stack.dnd(command, ...args);
  if (code !== 0) throw new Error(`dnd ${command} ended with ${String(code)}\n${stdout}${stderr}`);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
