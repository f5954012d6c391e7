import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith } from "../harness/tools";
import { dnd } from "./dnd";
import { fakePulumi } from "./fake-pulumi";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd env's "));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a shell knows after `eval "$(dnd env)"`. */
function evaluated(lines: string, command: string, env: NodeJS.ProcessEnv): string {
  return execFileSync("sh", ["-c", `${lines}\n${command}`], { env, encoding: "utf8" });
}

test("a shell that evaluates the lines has the stack, its state, its passphrase and its settings", async () => {
  const pulumi = await fakePulumi(folder, "");
  const { stdout, code } = await dnd(["env"], { PATH: pulumi.path, DND_DIR: join(folder, "dnd") });
  expect(code).toBe(0);
  const asked = 'echo "$PULUMI_STACK|$PULUMI_CONFIG_PASSPHRASE_FILE|$PULUMI_OPTION_CONFIG_FILE"';
  expect(evaluated(stdout, asked, { PATH: process.env.PATH })).toBe(
    `local|${folder}/dnd/passphrase|${folder}/dnd/Pulumi.local.yaml\n`,
  );
});

test("an older CLI is told how to give the settings", async () => {
  const pulumi = await fakePulumi(folder, "", "v3.205.0");
  const { stderr } = await dnd(["env"], { PATH: pulumi.path, DND_DIR: join(folder, "dnd") });
  expect(stderr).toContain('--config-file "$PULUMI_OPTION_CONFIG_FILE"');
});

describeWith("pulumi")("with the Pulumi CLI", () => {
  test("plain `pulumi` works on the same stack", async () => {
    const { stdout } = await dnd(["env"], { DND_DIR: join(folder, "dnd") });
    const env = { ...process.env, PULUMI_HOME: join(folder, "home"), PULUMI_SKIP_UPDATE_CHECK: "true" };
    expect(JSON.parse(evaluated(stdout, "pulumi stack ls --json", env))).toMatchObject([
      { name: "local", current: true },
    ]);
    expect(evaluated(stdout, "pulumi config get environment", env)).toBe("development\n");
  });
});
