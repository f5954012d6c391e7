import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { initStack, openStack, readProject, removeStack } from "../../../../embedded/pulumi/state";
import { Secret } from "../../../../infra/support";
import { passphrase, RecordedStacks } from "./recorded-stacks";

describe("on a bad day the state stays as it was, and the error says what to do:", () => {
  let stacks: RecordedStacks;
  beforeEach(() => (stacks = new RecordedStacks()));
  afterEach(() => stacks.remove());

  it("a wrong passphrase", async () => {
    const before = readFileSync(stacks.checkpointFile("dev"), "utf8");
    await expect(stacks.open("dev", { passphrase: new Secret("wrong") })).rejects.toMatchObject({
      code: "passphrase-wrong",
      remedy: expect.stringContaining("PULUMI_CONFIG_PASSPHRASE") as unknown,
    });
    expect(readFileSync(stacks.checkpointFile("dev"), "utf8")).toBe(before);
  });

  it("a wrong passphrase where nothing is secret yet: found before the first write", async () => {
    writeFileSync(`${stacks.projectFolder}/Pulumi.yaml`, "name: plain\nruntime: nodejs\n");
    const options = { ...stacks.options("fresh"), project: readProject(stacks.projectFolder) };
    await initStack(options);
    const file = stacks.file("stacks", "plain", "fresh.json");
    const before = readFileSync(file, "utf8");
    const stack = await openStack({ ...options, passphrase: new Secret("wrong") });
    await expect(stack.verify()).rejects.toMatchObject({ code: "passphrase-wrong" });
    await expect(stack.writer.write(stack.snapshot)).rejects.toMatchObject({ code: "passphrase-wrong" });
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, 500), "state-corrupt"],
    [
      "a parent missing",
      (text: string) => text.replaceAll("::pair", "::pear").replace("::pear", "::pair"),
      "state-corrupt",
    ],
    ["an edited manifest", (text: string) => text.replace('"version":"v3', '"version":"v2'), "state-corrupt"],
    [
      "a damaged secret",
      (text: string) => text.replace(/("ciphertext":"v1:[^:]+:)..../, "$1AAAA"),
      "state-corrupt",
    ],
    ["a newer version", (text: string) => text.replace('"version":3', '"version":5'), "state-too-new"],
    ["an older version", (text: string) => text.replace('"version":3', '"version":2'), "state-too-old"],
    [
      "a feature unknown here",
      (text: string) => text.replace('"version":3', '"version":4,"features":["views"]'),
      "state-needs-cli",
    ],
    [
      "another secrets provider",
      (text: string) => text.replace('"type":"passphrase"', '"type":"cloud"'),
      "state-needs-cli",
    ],
  ])("a checkpoint with %s", async (_, damage, code) => {
    const file = stacks.checkpointFile("dev");
    writeFileSync(file, damage(readFileSync(file, "utf8")));
    await expect(stacks.open("dev")).rejects.toMatchObject({ code });
    await expect(stacks.open("dev")).rejects.toThrow(file);
  });

  it("a newer checkpoint is refused by the name of its version", async () => {
    const file = stacks.checkpointFile("dev");
    writeFileSync(file, readFileSync(file, "utf8").replace('"version":3', '"version":7'));
    await expect(stacks.open("dev")).rejects.toThrow("version 7");
  });

  it.each([
    [
      "a layout from the future",
      () => writeFileSync(stacks.file("meta.yaml"), "version: 2\n"),
      "state-layout-unsupported",
    ],
    ["a packed state", () => writeFileSync(`${stacks.checkpointFile("dev")}.gz`, ""), "state-packed"],
    ["no such stack", () => rmSync(stacks.checkpointFile("dev")), "stack-missing"],
  ])("%s", async (_, change, code) => {
    change();
    await expect(stacks.open("dev")).rejects.toMatchObject({ code });
  });

  it("the layout from before projects had folders", async () => {
    rmSync(stacks.file("meta.yaml"));
    writeFileSync(stacks.file("stacks", "old.json"), "{}");
    await expect(stacks.open("dev")).rejects.toThrow("pulumi state upgrade");
  });

  it("a backend that is no folder", async () => {
    const options = { ...stacks.options("dev"), backendUrl: "s3://bucket" };
    await expect(openStack(options)).rejects.toMatchObject({ code: "backend-unsupported" });
  });

  it("a disk that is full", () => {
    const before = readFileSync(stacks.checkpointFile("dev"), "utf8");
    const script = `
      require(${JSON.stringify(require.resolve("../../../../infra/support/typescript.cjs"))});
      const { openStack, readProject } = require(${JSON.stringify(require.resolve("../../../../embedded/pulumi/state"))});
      const { Secret } = require(${JSON.stringify(require.resolve("../../../../infra/support"))});
      process.on("SIGXFSZ", () => undefined);
      openStack({ project: readProject(${JSON.stringify(stacks.projectFolder)}), stack: "dev",
        backendUrl: ${JSON.stringify(stacks.backendUrl)}, passphrase: new Secret(${JSON.stringify(passphrase.reveal())}) })
        .then((stack) => {
          const [root, ...rest] = stack.snapshot.resources;
          const big = { ...root, outputs: { big: "x".repeat(200000) } };
          return stack.writer.write({ resources: [big, ...rest], pendingOperations: [] });
        })
        .catch((error) => { console.log(error.code, error.message); process.exit(9); });`;
    const limited = `ulimit -f 100; exec ${JSON.stringify(process.execPath)} -e '${script.replaceAll("'", "'\\''")}'`;
    const env = { ...process.env, TSX_DISABLE_CACHE: "1" };
    const { status, stdout } = spawnSync("sh", ["-c", limited], { encoding: "utf8", env });
    expect(stdout).toContain("state-disk-full");
    expect(status).toBe(9);
    expect(readFileSync(stacks.checkpointFile("dev"), "utf8")).toBe(before);
    const left = spawnSync("ls", ["-A", stacks.file("stacks", "recorded")], { encoding: "utf8" }).stdout;
    expect(left).not.toContain(".tmp");
  });

  it("a state folder that cannot be written", async () => {
    const stack = await stacks.open("dev");
    rmSync(stacks.file("locks"), { recursive: true });
    writeFileSync(stacks.file("locks"), "in the way");
    await expect(stack.lock("up")).rejects.toThrow(stacks.file("locks"));
  });

  it("removing a stack that still has resources", async () => {
    await expect(removeStack(stacks.options("dev"))).rejects.toMatchObject({ code: "stack-not-empty" });
    expect(existsSync(stacks.checkpointFile("dev"))).toBe(true);
    await removeStack({ ...stacks.options("dev"), force: true });
    expect(existsSync(stacks.checkpointFile("dev"))).toBe(false);
    expect(readFileSync(`${stacks.checkpointFile("dev")}.bak`, "utf8")).toContain("id-holder");
    expect(existsSync(stacks.checkpointFile("hooked"))).toBe(true);
  });

  it("making a stack that exists", async () => {
    mkdirSync(stacks.file("locks", "organization", "recorded", "dev"), { recursive: true });
    await expect(initStack(stacks.options("dev"))).rejects.toMatchObject({ code: "stack-exists" });
  });
});
