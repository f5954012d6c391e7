import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { main, type Provider } from "@pulumi/pulumi/provider";

/** As much of the `command` package as a stack uses, for where its plugin is not installed: a local command, run once. */
interface CommandInputs {
  create: string;
  interpreter: [string, ...string[]];
  environment: Record<string, string>;
  triggers?: unknown[];
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

async function run({ create, interpreter, environment }: CommandInputs): Promise<string> {
  const [shell, ...args] = interpreter;
  const env = { ...process.env, ...environment };
  const { stdout } = await promisify(execFile)(shell, [...args, create], { env });
  return stdout.trim();
}

const provider: Provider = {
  version: "1.0.0",
  check: (_urn, _olds, news: CommandInputs) => Promise.resolve({ inputs: news }),
  // As the package does: a trigger runs it again, and the rest is a change that runs nothing.
  diff: (_id, _urn, olds: CommandInputs, news: CommandInputs) =>
    Promise.resolve({
      changes: !same([olds.create, olds.triggers], [news.create, news.triggers]),
      replaces: same(olds.triggers, news.triggers) ? [] : ["triggers"],
    }),
  create: async (_urn, inputs: CommandInputs) => ({
    id: `command-${process.pid}`,
    outs: { ...inputs, stdout: await run(inputs), stderr: "" },
  }),
  update: (_id, _urn, _olds, news: CommandInputs) => Promise.resolve({ outs: news }),
  delete: () => Promise.resolve(),
};

void main(provider, process.argv.slice(2));
