import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "yaml";
import { nodeArgsOf } from "../program";
import { endWithEngine, PluginProcess } from "../providers";

export interface PolicyStart {
  engineAddress: string;
  project: string;
  stack: string;
  organization: string;
  dryRun: boolean;
  config: Record<string, string>;
  env: NodeJS.ProcessEnv;
  onLine(pack: string, line: string): void;
}

/** A policy pack that serves. */
export interface Pack {
  client: AnalyzerClient;
  process: PluginProcess;
}

/** Starts the pack of a folder by the SDK's own runner. */
export async function startPack(folder: string, start: PolicyStart): Promise<Pack> {
  const script = createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const process_ = await PluginProcess.start({
    name: `policy pack ${folder}`,
    file: process.execPath,
    args: [...wishesOf(folder), endWithEngine, script, start.engineAddress, "."],
    cwd: folder,
    env: {
      ...start.env,
      PULUMI_NODEJS_ORGANIZATION: start.organization,
      PULUMI_NODEJS_PROJECT: start.project,
      PULUMI_NODEJS_STACK: start.stack,
      PULUMI_NODEJS_DRY_RUN: String(start.dryRun),
      PULUMI_CONFIG: JSON.stringify(start.config),
    },
    onLine: (line) => start.onLine(folder, line),
  });
  const client = new AnalyzerClient(process_.address, grpc.credentials.createInsecure());
  return { client, process: process_ };
}

/** What the pack's own file gives to Node; the runner tells what is wrong with a pack. */
function wishesOf(folder: string): string[] {
  try {
    const pack = parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")) as {
      runtime?: { options?: { nodeargs?: unknown } };
    } | null;
    return nodeArgsOf(pack?.runtime?.options?.nodeargs, folder);
  } catch {
    return [];
  }
}
