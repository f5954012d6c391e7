import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cancelLock, initStack, ownOutputs, readHistory } from "../../../../embedded/pulumi/state";
import { projectRoot } from "../../../../infra/support";
import { describeWith } from "../../../harness/tools";
import { passphrase, RecordedStacks } from "./recorded-stacks";

// Where there is none, the recorded stacks stand in for it.
describeWith("pulumi")("with the Pulumi CLI", () => {
  let stacks: RecordedStacks;
  beforeEach(() => {
    stacks = new RecordedStacks();
    symlinkSync(join(projectRoot, "node_modules"), join(stacks.projectFolder, "node_modules"));
  });
  afterEach(() => stacks.remove());

  function pulumi(...args: string[]): string {
    const result = spawnSync("pulumi", [...args, "--non-interactive"], {
      cwd: stacks.projectFolder,
      encoding: "utf8",
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: stacks.backendUrl,
        PULUMI_CONFIG_PASSPHRASE: passphrase.reveal(),
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
    if (result.status !== 0) throw new Error(`pulumi ${args.join(" ")}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  it("a stack of the CLI, rewritten here, shows no change there", async () => {
    const stack = await stacks.open("dev");
    const lock = await stack.lock("up");
    stack.begin("update", "by the embedded engine");
    const touched = stack.snapshot.resources.map((state) => ({ ...state }));
    await stack.writer.write({ resources: touched, pendingOperations: [] }, { durable: true });
    await stack.finish({ result: "succeeded", changes: { same: 5 } });
    await lock.release();
    expect(pulumi("preview", "--expect-no-changes", "-s", "dev")).toContain("5 unchanged");
    expect(pulumi("stack", "history", "-s", "dev")).toContain("by the embedded engine");
    expect(JSON.parse(pulumi("stack", "output", "--json", "--show-secrets", "-s", "dev"))).toEqual({
      made: true,
      nested: { "a<b": ["deep"] },
      token: "canary-token-1",
    });
  });

  it("a stack made here is brought up there, and read here again", async () => {
    const options = {
      ...stacks.options("fresh"),
      configFile: join(stacks.projectFolder, "Pulumi.fresh.yaml"),
    };
    await initStack(options);
    pulumi("config", "set", "--secret", "token", "canary-token-9", "-s", "fresh");
    pulumi("config", "set", "--secret", "--path", "settings.password", "canary-pass-9", "-s", "fresh");
    expect(pulumi("config", "get", "token", "-s", "fresh").trim()).toBe("canary-token-9");
    pulumi("up", "--yes", "--skip-preview", "-m", "by the CLI", "-s", "fresh");
    const stack = await stacks.open("fresh");
    expect(ownOutputs(stack.snapshot).token).toMatchObject({ value: "canary-token-9" });
    expect(stack.config.values["recorded:settings"]).toBe('{"password":"canary-pass-9"}');
    expect((await readHistory(stack.place)).map(({ message }) => message)).toEqual(["by the CLI"]);
  });

  it("each respects the other's lock", async () => {
    const stack = await stacks.open("dev");
    const lock = await stack.lock("up");
    expect(() => pulumi("up", "--yes", "--skip-preview", "-s", "dev")).toThrow(`(pid ${process.pid})`);
    pulumi("cancel", "--yes", "-s", "dev");
    await lock.release();
    await cancelLock(stack.place, { all: true });
    await (await stack.lock("up")).release();
  });

  it("what is pending here is exported there, and a version 4 stays one", async () => {
    const killed = await stacks.open("killed");
    await killed.writer.write(killed.snapshot);
    const exported = JSON.parse(pulumi("stack", "export", "-s", "killed")) as {
      deployment: { pending_operations: { type: string }[] };
    };
    expect(exported.deployment.pending_operations.map(({ type }) => type)).toEqual(["creating"]);
    const hooked = await stacks.open("hooked");
    await hooked.writer.write(hooked.snapshot);
    expect(JSON.parse(pulumi("stack", "export", "-s", "hooked"))).toMatchObject({
      version: 4,
      features: ["hooks"],
    });
  });

  it("a stack removed there is missing here", async () => {
    pulumi("stack", "rm", "--yes", "--force", "-s", "dev");
    await expect(stacks.open("dev")).rejects.toMatchObject({ code: "stack-missing" });
    expect(existsSync(stacks.checkpointFile("dev"))).toBe(false);
    expect(readFileSync(stacks.file("meta.yaml"), "utf8")).toBe("version: 1\n");
  });
});
