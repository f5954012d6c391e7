import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../../../infra/support";
import { passphrase, project, type Case, type CaseStep, type Workspace } from "./case";
import { encryptionSalt, seal } from "./sealed";

const prelude = 'const { pulumi, Dyn, Thing, ThingProvider, Group } = require("./kit.cjs");\n';

interface ThingPlugins {
  servePlugin(cloud: string): Promise<{ port: number; close(): void }>;
}

/** Packages are loaded as our own program loads them: compiled once for all the processes of a run. */
const nodeargs = `--require=${join(projectRoot, "infra", "support", "typescript.cjs")}`;

/** A project folder with an empty backend and a plugin of its own that is served; `close` ends and removes all of it. */
export async function openWorkspace(one: Case): Promise<Workspace & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  const backend = join(folder, "backend");
  await mkdir(backend);
  await mkdir(join(folder, "cloud"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: project, main: "index.js" }));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    stringify({ name: project, runtime: { name: "nodejs", options: { typescript: false, nodeargs } } }),
  );
  for (const file of ["kit.cjs", "cloud.cjs"]) await copyFile(join(__dirname, file), join(folder, file));
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  if (one.policies) await writePolicyPack(join(folder, "policies"), one.policies);
  const { servePlugin } = require("./thing-provider.cjs") as ThingPlugins;
  const { port, close } = await servePlugin(join(folder, "cloud"));
  return {
    folder,
    project,
    backend: `file://${backend}`,
    providerPort: port,
    env: {
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_DEBUG_PROVIDERS: `conf:${port}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      PULUMI_HOME: join(folder, "home"),
    },
    async close() {
      close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writePolicyPack(folder: string, policies: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "PulumiPolicy.yaml"), stringify({ runtime: "nodejs", main: "index.js" }));
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "rules", version: "0.0.1", main: "index.js" }),
  );
  await writeFile(join(folder, "index.js"), `const policy = require("@pulumi/policy");\n${policies}`);
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
}

/** Puts the program, the settings and the cloud of a step in their places. */
export async function prepare(workspace: Workspace, one: Case, step: CaseStep, stack: string): Promise<void> {
  const body = stack === "other" ? one.other : one.programs[step.program ?? 0];
  await writeFile(join(workspace.folder, "index.js"), prelude + (body ?? ""));
  const config = Object.entries(step.config ?? {}).map(([key, value]) => [
    `${project}:${key}`,
    typeof value === "string" ? value : { secure: seal(value.secret) },
  ]);
  const settings = {
    encryptionsalt: encryptionSalt,
    ...(config.length > 0 ? { config: Object.fromEntries(config) as object } : {}),
  };
  await writeFile(join(workspace.folder, `Pulumi.${stack}.yaml`), stringify(settings));
  for (const [file, content] of Object.entries(step.meddle ?? {})) {
    const path = join(workspace.folder, "cloud", `${file}.json`);
    if (content === null) await rm(path, { force: true });
    else await writeFile(path, JSON.stringify({ ...(await readJson(path)), ...content }));
  }
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}
