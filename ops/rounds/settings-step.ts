import { existsSync } from "node:fs";
import { act, auditSettings, note, type Finding, type StackSettings } from "../../infra/engines/rounds";
import { OperatorError } from "../../infra/support";
import { encrypted } from "../../stacks/secret-paths";
import { committedSettings, judgeSettings, readStackFile } from "../stack-settings";
import type { RoundStep } from "./step";

const prefix = "dnd-tracker:";

/** Staging's settings against production's. */
export const settingsAudit: RoundStep = {
  name: "settings",
  title: "Settings of staging and production",
  async look() {
    const files = ["staging", "production"].map((stack) => ({ stack, file: committedSettings(stack) }));
    const absent = files.filter(({ file }) => !existsSync(file));
    if (absent.length > 0)
      return absent.map(({ stack }) => note(stack, "there is no such stack: nothing to compare"));
    const [staging, production] = await Promise.all(files.map(read));
    if (!staging || !production) return [];
    return [
      ...wrongIn(staging),
      ...wrongIn(production),
      ...auditSettings({ staging: flat(staging), production: flat(production) }),
      ...sameDatabase(process.env),
    ];
  },
};

interface Read {
  stack: string;
  config: Record<string, unknown>;
}

async function read({ stack, file }: { stack: string; file: string }): Promise<Read> {
  return { stack, config: await readStackFile(file) };
}

/** An address in the environment stands above the settings: the same one for both is one database for both. */
function sameDatabase(env: NodeJS.ProcessEnv): Finding[] {
  const names = ["MONGODB_URI_STAGING", "MONGODB_URI_PRODUCTION"];
  const [staging, production] = names.map((name) => serversOf(env[name]));
  if (staging === undefined || staging !== production) return [];
  return [
    act(
      "database",
      `${names.join(" and ")} name the same database`,
      "What is tried in staging would happen in production: give each its own.",
    ),
  ];
}

/** Servers and name alone: other users and options lead to the same data, and what opens it is not shown. */
function serversOf(uri: string | undefined): string | undefined {
  const [, servers, name] = /^mongodb(?:\+srv)?:\/\/(?:[^/@]*@)?([^/?]+)\/?([^?]*)/.exec(uri ?? "") ?? [];
  return servers === undefined ? undefined : `${servers.toLowerCase().split(",").sort().join(",")}/${name}`;
}

/** What the schema refuses, which an `up` would refuse as well. */
function wrongIn({ stack, config }: Read): Finding[] {
  try {
    judgeSettings(config);
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return [act(stack, error.message, `Mend Pulumi.${stack}.yaml.`)];
  }
}

function flat({ stack, config }: Read): StackSettings {
  const own = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith(prefix) ? leaves(key.slice(prefix.length), value) : [],
  );
  // What is encrypted cannot be held against the other's: it counts as each one's own.
  const values = own.map(([path, value]) => [path, value === encrypted ? `${stack}'s own secret` : value]);
  return { stack, values: Object.fromEntries(values) as StackSettings["values"] };
}

function leaves(path: string, value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(`${path}.${name}`, inner));
}
