import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
import { checksumsOf } from "../../infra/engines/migration";
import { projectRoot } from "../../infra/support";
import { CloudStack } from "../harness/cloud-stack";
import { copyCheckout } from "../harness/copy-checkout";
import { OtherStack } from "../harness/other-stack";
import { describeWith } from "../harness/tools";
import { AwsStandIn } from "../stand-ins/aws";
import { commandsOf } from "./page";

const patience = 900_000;
const commit = "0123456789abcdef0123456789abcdef01234567";

type Groups = Record<string, Record<string, unknown>>;

function followed(engine: "embedded" | "pulumi"): void {
  let cloud: CloudStack;
  let aws: AwsStandIn;
  let checkout: string;
  let recovery: string;

  beforeAll(async () => {
    [cloud, aws] = await Promise.all([
      CloudStack.open({ environment: "production", engine }),
      AwsStandIn.open(),
    ]);
    cloud.push(commit);
    const age = await import("age-encryption");
    recovery = await age.identityToRecipient(await age.generateX25519Identity());
    checkout = await checkedOut(join(cloud.folder, "checkout"));
    // "Do it for staging first": what is released has ended well there.
    const migrations = checksumsOf(join(projectRoot, "migrations"));
    const passed = { release: 1, version: commit, digest: cloud.digestOf(commit), migrations };
    await (await OtherStack.open(cloud, "staging")).exports({ passed: [passed] });
    const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/k";
    await (await OtherStack.open(cloud, "platform")).exports({ kmsKeyArn });
  }, patience);
  afterAll(() => Promise.all([cloud.close(), aws.close()]), patience);

  /** The committed project with the committed settings, but for where the vendors are and how long anything takes. */
  async function checkedOut(folder: string): Promise<string> {
    await copyCheckout(folder);
    await mkdir(join(folder, "bin"));
    const npx = `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${join(folder, "ops", "dnd.cjs")}" "$@"\n`;
    await writeFile(join(folder, "bin", "npx"), npx);
    await chmod(join(folder, "bin", "npx"), 0o755);
    if (engine === "embedded") await playPulumi(join(folder, "bin", "pulumi"));
    const settings = join(folder, "Pulumi.production.yaml");
    const { config } = parse(await readFile(settings, "utf8")) as { config: Groups };
    const app = { name: "tracker", url: cloud.url, repository: cloud.imageOf("").replace(/:$/, "") };
    const checks = { interval: "2s", timeout: "2s", gracePeriod: "1s", bake: "200ms" };
    config["dnd-tracker:app"] = { ...config["dnd-tracker:app"], ...app, checks, strategy: "rolling" };
    config["dnd-tracker:backup"] = { ...config["dnd-tracker:backup"], schedule: "off", snapshot: false };
    await writeFile(settings, stringify({ config }));
    return folder;
  }

  /** As an operator has it who did what the page says before its commands. */
  function environment(): NodeJS.ProcessEnv {
    const { DND_DATABASE_KEY: _key, NEXTAUTH_SECRET: _session, ...vendors } = cloud.env;
    return {
      ...process.env,
      ...vendors,
      ...aws.environment(),
      DND_ENGINE: undefined,
      GIT_SHA: commit,
      PULUMI_HOME: join(cloud.folder, "pulumi"),
      PATH: [join(checkout, "bin"), process.env.PATH].join(delimiter),
    };
  }

  /** What the page leaves to the reader, and the yes that a terminal would be asked for. */
  function asTyped(line: string): string {
    const given = line
      .replace("YOUR_ORGANIZATION_AT_FLY", "guild")
      .replace("YOUR_ORGANIZATION", "org-1")
      .replace("YOUR_PUBLIC_RECOVERY_KEY", recovery)
      .replace("YOUR_BUCKET", "guild-archives")
      .replace("https://YOUR_ADDRESS", cloud.url);
    return /dnd up /.test(given) ? `${given} --yes` : given;
  }

  function shell(line: string): Promise<{ code: number | null; said: string }> {
    const child = spawn("/bin/sh", ["-c", line], {
      cwd: checkout,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", (data) => (said += String(data)));
    child.stderr.on("data", (data) => (said += String(data)));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
  }

  test(
    "leads from empty accounts to the first release of production, command after command",
    async () => {
      for (const { line, code } of commandsOf("first-deployment.md")) {
        const [, name] = /^export (\w+)=/.exec(line) ?? [];
        // AWS is met by a key here, and Atlas by a pair: the page names both ways.
        if (name !== undefined) continue;
        const run = await shell(asTyped(line));
        expect({ line, code: run.code, said: run.code === code ? "" : run.said }).toEqual({
          line,
          code,
          said: "",
        });
      }
      expect(await fetch(`${cloud.url}/api/health`).then(({ status }) => status)).toBe(200);
    },
    patience,
  );
}

/** Where there is no CLI, its words that make a stack and its settings are played; what runs is the embedded engine. */
async function playPulumi(path: string): Promise<void> {
  const loader = join(projectRoot, "infra", "support", "typescript.cjs");
  const words = join(projectRoot, "tests", "stand-ins", "pulumi-words.ts");
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" --require "${loader}" "${words}" "$@"\n`);
  await chmod(path, 0o755);
}

describeWith("versitygw")("docs/first-deployment.md, on the embedded engine", () => followed("embedded"));
describeWith("versitygw", "pulumi")("docs/first-deployment.md, on Pulumi's own engine", () =>
  followed("pulumi"),
);
