import { runCommand } from "./command";

const oldest = 6;

/** The version that a program reports as a mongod fit for us, or why it is none. */
export async function examineMongod(path: string): Promise<{ version: string } | { why: string }> {
  const { stdout, why } = await runCommand([path, "--version"], { timeoutMs: 10_000 });
  if (why !== undefined) return { why: `${path} does not run here: ${why}` };
  const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (!version) return { why: `${path} is no mongod` };
  if (Number(version.split(".")[0]) < oldest) return { why: `${path} is ${version}, 6.0 or later is needed` };
  return { version };
}
