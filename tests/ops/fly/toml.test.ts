import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { readFlyToml, wishOfToml } from "../../../infra/engines/fly";
import { appSettings } from "../../../stacks/app-settings";
import { flyTomlOf } from "../../../stacks/fly";
import { describeWith } from "../../harness/tools";
import { dnd } from "../dnd";

const app = {
  name: "tracker",
  regions: ["ams", "iad"],
  processes: {
    web: { command: "node server.js --greeting 'hail, adventurer'", http: true },
    worker: { command: "node worker.js", machines: 1 },
  },
  // Not canary: beside a volume the tool refuses that one.
  strategy: { kind: "rolling", maxUnavailable: 0.5 },
  releaseCommand: "node prepare.js",
  autostop: "suspend",
  env: { GREETING: 'say "friend" \\ and enter', DRAGON: "Fáfnir" },
  mounts: [{ source: "data", destination: "/data", size: 3, snapshotRetention: 9, processes: ["worker"] }],
};
let folder: string;
let text: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-fly-toml-"));
  const config = {
    "dnd-tracker:environment": "staging",
    "dnd-tracker:app": app,
    "dnd-tracker:database": { kind: "uri" },
  };
  const file = join(folder, "Pulumi.trial.yaml");
  await writeFile(file, stringify({ config }));
  const { code, stdout } = await dnd(["fly", "toml", "--stack", "trial", "--config-file", file]);
  expect(code).toBe(0);
  text = stdout;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("`dnd fly toml`", () => {
  test("writes what is read back as the same groups, strategy and gate", () => {
    const counts = { web: { ams: 1, iad: 1 }, worker: { ams: 1 } };
    const read = readFlyToml(text, counts);
    expect(read).toEqual(wishOfToml(flyTomlOf(appSettings.parse(app)), counts));
    expect(read.groups.map(({ name, config }) => [name, config.mounts])).toEqual([
      ["web", []],
      ["worker", [{ name: "data", path: "/data", size_gb: 3, snapshot_retention: 9 }]],
    ]);
  });

  test("prints the file of a stack whose settings name one", async () => {
    await writeFile(join(folder, "fly.toml"), 'app = "tracker" # by hand\n');
    const config = {
      "dnd-tracker:environment": "staging",
      "dnd-tracker:app": { flyToml: join(folder, "fly.toml") },
      "dnd-tracker:database": { kind: "uri" },
    };
    await writeFile(join(folder, "Pulumi.other.yaml"), stringify({ config }));
    const { stdout } = await dnd(["fly", "toml", "--config-file", join(folder, "Pulumi.other.yaml")]);
    expect(stdout).toBe('app = "tracker" # by hand\n');
  });
});

describeWith("flyctl")("Fly's own tool", () => {
  test("finds nothing wrong with it", async () => {
    const file = join(folder, "fly.toml");
    await writeFile(file, text);
    const quiet = { FLY_NO_UPDATE_CHECK: "1", FLY_SEND_METRICS: "0", FLY_SYNTHETICS_AGENT: "0" };
    const env = { ...process.env, ...quiet, FLY_CONFIG_DIR: folder, FLY_ACCESS_TOKEN: "nobody" };
    const args = ["config", "validate", "--strict", "-c", file];
    const { stdout } = await promisify(execFile)("flyctl", args, { env, timeout: 30_000 });
    expect(stdout).toContain("Configuration is valid");
  }, 40_000);
});
