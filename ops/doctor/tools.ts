import { tmpdir } from "node:os";
import { OperatorError, messageOf } from "../../infra/support";
import { findPulumi, isOlder, runChild } from "../engine";
import { missing, ok, warning, type Finding } from "./finding";

/** The programs that a stack needs on this machine. */
export async function examineTools(): Promise<Finding[]> {
  return Promise.all([
    examineNode(process.versions.node),
    examineNpm(),
    examineGit(),
    examineEngine(),
    examineMongod(),
  ]);
}

export function examineNode(version: string): Finding {
  const what = "Node";
  const remedy = "Install Node 22 or later from your system's packages or with a version manager.";
  if (isOlder(version, "20.19.0")) return missing(what, `${version}, older than 20.19`, remedy);
  if (isOlder(version, "22.0.0")) return warning(what, `${version} works; Pulumi's SDK asks for 22`, remedy);
  return ok(what, version);
}

async function examineNpm(): Promise<Finding> {
  const version = await versionOf("npm");
  if (version) return ok("npm", version);
  return missing("npm", "npm does not answer", "Install npm: it comes with Node.");
}

async function examineGit(): Promise<Finding> {
  const version = await versionOf("git");
  if (version) return ok("Git", version);
  return warning(
    "Git",
    "git does not answer",
    "Install Git: releases are named by their commit where it is there.",
  );
}

async function examineEngine(): Promise<Finding> {
  const search = await findPulumi();
  if (search.found) return ok("engine", `pulumi ${search.found.version} (${search.found.path})`);
  return ok("engine", `embedded (${search.reason})`);
}

async function examineMongod(): Promise<Finding> {
  const { locateMongodBinary } =
    require("../../infra/drivers/mongod") as typeof import("../../infra/drivers/mongod");
  try {
    const mongod = await locateMongodBinary();
    if (mongod) return ok("mongod", `${mongod.version} (${mongod.source}, ${mongod.path})`);
    return ok("mongod", "none here: the first `up` downloads one");
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return missing("mongod", error.message.split("\n")[0] ?? "", error.remedy);
  }
}

async function versionOf(program: string): Promise<string | undefined> {
  try {
    const child = await runChild(program, ["--version"], {
      cwd: tmpdir(),
      env: process.env,
      timeoutMs: 10_000,
    });
    return child.code === 0 ? /\d+(\.\d+)+/.exec(child.stdout)?.[0] : undefined;
  } catch (error) {
    if (process.env.DEBUG) process.stderr.write(`${messageOf(error)}\n`);
    return undefined;
  }
}
