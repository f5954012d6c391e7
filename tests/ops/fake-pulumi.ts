import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** What one call of the fake CLI was given. */
export interface PulumiCall {
  args: string[];
  env: Record<string, string>;
}

/** Lines of the real CLI's event log, shortened: one resource created, one secret, one failure on demand. */
export const eventLog = [
  { timestamp: 1, resourcePreEvent: { metadata: step("create", "dnd:LocalMongo::database") } },
  {
    timestamp: 1,
    diagnosticEvent: {
      urn: urn("dnd:LocalMongo::database"),
      message: "half way\n",
      severity: "info",
      ephemeral: true,
    },
  },
  {
    timestamp: 2,
    resOutputsEvent: { metadata: step("create", "dnd:LocalMongo::database", { password: secret("canary") }) },
  },
  { timestamp: 2, diagnosticEvent: { message: "Registering\n", severity: "debug" } },
  {
    timestamp: 3,
    resOutputsEvent: {
      metadata: step("same", "pulumi:pulumi:Stack::dnd", {
        url: "http://127.0.0.1:3000",
        databaseUri: secret("canary"),
      }),
    },
  },
  { timestamp: 3, summaryEvent: { resourceChanges: { create: 1, same: 1 }, result: "succeeded" } },
];

export const failingLog = [
  { timestamp: 1, resourcePreEvent: { metadata: step("create", "dnd:LocalMachines::app") } },
  {
    timestamp: 2,
    diagnosticEvent: {
      urn: urn("dnd:LocalMachines::app"),
      message: "never became healthy\n",
      severity: "error",
    },
  },
  { timestamp: 2, resOpFailedEvent: { metadata: step("create", "dnd:LocalMachines::app") } },
  { timestamp: 3, summaryEvent: { resourceChanges: {}, result: "failed" } },
];

function urn(typeAndName: string): string {
  return `urn:pulumi:local::dnd-tracker::${typeAndName}`;
}

function step(op: string, typeAndName: string, outputs: object = {}): object {
  const type = typeAndName.split("::")[0] ?? "";
  return {
    op,
    urn: urn(typeAndName),
    type,
    old: null,
    new: { type, outputs },
    diffs: null,
    detailedDiff: null,
  };
}

function secret(text: string): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: text };
}

/**
 * Puts a `pulumi` into a folder that answers `version` and does `behaviour` for everything else.
 * The behaviour sees `args`, `option(name)` and `log(lines)`, which writes the event log.
 */
export async function fakePulumi(folder: string, behaviour: string, version = "v3.260.0") {
  const bin = join(folder, "bin");
  const calls = join(folder, "calls.jsonl");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "pulumi"), script(calls, version, behaviour));
  await chmod(join(bin, "pulumi"), 0o755);
  return {
    path: `${bin}${delimiter}${process.env.PATH ?? ""}`,
    async calls(): Promise<PulumiCall[]> {
      const text = await readFile(calls, "utf8").catch(() => "");
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as PulumiCall);
    },
  };
}

function script(calls: string, version: string, behaviour: string): string {
  return `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
if (args[0] === "version") { console.log(${JSON.stringify(version)}); process.exit(0); }
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PULUMI|DND)_/.test(name)));
fs.appendFileSync(${JSON.stringify(calls)}, JSON.stringify({ args, env }) + "\\n");
const option = (name) => args[args.indexOf(name) + 1];
const log = (lines) => { for (const line of lines) fs.appendFileSync(option("--event-log"), JSON.stringify(line) + "\\n"); };
const eventLog = ${JSON.stringify(eventLog)};
const failingLog = ${JSON.stringify(failingLog)};
if (args[0] === "stack" && args[1] === "ls") { console.log('[{"name":"local"}]'); process.exit(0); }
${behaviour}
`;
}
