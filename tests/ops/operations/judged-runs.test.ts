import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RollbackOrder } from "../../../infra/engines/release";
import { projectRoot } from "../../../infra/support";
import { Abortable } from "../../../ops/deployment/abortable";
import { runGraph } from "../../../ops/deployment/run-graph";
import type { OperationKind, OperationOptions, OperationResult, StackEngine } from "../../../ops/engine";
import { carryOut } from "../../../ops/rollback/carry-out";

const policy = join(projectRoot, "policy");
const order = { rollbackOf: 3, target: 2, reason: "slow", image: { digest: "sha256:2", version: "2" } };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-judged-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A stack with a cluster of its own, whose engine only remembers what it was asked for. */
async function stack(change: object = {}) {
  const configFile = join(folder, "Pulumi.staging.yaml");
  const database = { kind: "atlas", name: "tales", project: "tales", ...change };
  await writeFile(
    configFile,
    stringify({ config: { "dnd-tracker:environment": "staging", "dnd-tracker:database": database } }),
  );
  const place = { stack: "staging", projectDir: projectRoot, configFile };
  const asked: OperationOptions[] = [];
  const outputs = { databaseProject: "tales", release: { digest: "sha256:2" } };
  const engine = {
    name: "embedded",
    version: "1.0.0",
    outputs: () => Promise.resolve(outputs),
    run: (_kind: OperationKind, _place: object, options: OperationOptions) => {
      asked.push(options);
      return Promise.resolve({ result: "succeeded", outputs, diagnostics: [] } as unknown as OperationResult);
    },
  } as unknown as StackEngine;
  return { engine, asked, place: { ...place, backendUrl: undefined, passphraseFile: undefined } };
}

const { signal } = new AbortController();

async function deployed(kind: OperationKind, change?: object): Promise<string[][]> {
  const { engine, place, asked } = await stack(change);
  const abortable = new Abortable(signal);
  const config = { environment: "staging" } as const;
  await runGraph(kind, { engine, place, config, abortable, onEvent: () => undefined }).finally(() =>
    abortable.release(),
  );
  return asked.map(({ policyPacks }) => policyPacks);
}

async function rolledBack(change?: object): Promise<string[][]> {
  const { engine, place, asked } = await stack(change);
  const interruption = { signal, kill: signal, env: {} };
  const run = { engine, place, interruption, display: undefined, color: false };
  await carryOut(order as unknown as RollbackOrder, run);
  return asked.map(({ policyPacks }) => policyPacks);
}

test("what a DeploymentManager and a rollback run is judged by the stack's policies", async () => {
  expect(await deployed("up")).toEqual([[policy]]);
  expect(await deployed("preview")).toEqual([[policy]]);
  expect(await deployed("destroy")).toEqual([[]]);
  expect(await rolledBack()).toEqual([[policy]]);
});

test("neither of them gives up the stack's cluster, whatever the settings have become", async () => {
  await expect(deployed("up", { project: "other" })).rejects.toMatchObject({ code: "cluster-moved" });
  await expect(rolledBack({ project: "other" })).rejects.toMatchObject({ code: "cluster-moved" });
});
