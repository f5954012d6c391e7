import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { secretSignature, signatureKey, unknownSentinel } from "../../../../embedded/pulumi/deployment";
import { ownOutputs, readHistory, readStackOutputs } from "../../../../embedded/pulumi/state";
import { canaries, passphrase, RecordedStacks, type CheckpointJson } from "./recorded-stacks";

const secret = (value: unknown) => ({ [signatureKey]: secretSignature, value });
const withoutManifest = ({ checkpoint, ...rest }: CheckpointJson) => ({
  ...rest,
  checkpoint: { ...checkpoint, latest: { ...checkpoint.latest, manifest: undefined } },
});

describe("a state that the Pulumi CLI wrote", () => {
  let stacks: RecordedStacks;
  beforeEach(() => (stacks = new RecordedStacks()));
  afterEach(() => stacks.remove());

  it("is read with its secrets decrypted and wrapped", async () => {
    const stack = await stacks.open("dev");
    expect(ownOutputs(stack.snapshot)).toEqual({
      made: true,
      nested: secret({ "a<b": ["deep"] }),
      token: secret("canary-token-1"),
    });
    const holder = stack.snapshot.resources.find((state) => state.urn.endsWith("::holder"));
    expect(holder?.inputs.settings).toEqual(secret({ password: "canary-pass-2", port: 27017 }));
    expect(stack.secretTexts).toEqual(expect.arrayContaining([...canaries, "deep"]));
    expect(holder?.customTimeouts).toEqual({ create: 120 });
  });

  it("is written again without any difference, ciphertexts included", async () => {
    for (const name of ["dev", "hooked", "killed"]) {
      const before = withoutManifest(stacks.checkpoint(name));
      const stack = await stacks.open(name);
      await stack.writer.write(stack.snapshot, { durable: true });
      expect(withoutManifest(stacks.checkpoint(name))).toEqual(before);
    }
  });

  it("keeps version 4 for the features that need it", async () => {
    const stack = await stacks.open("hooked");
    await stack.writer.write(stack.snapshot);
    expect(stacks.checkpoint("hooked")).toMatchObject({ version: 4, features: ["hooks"] });
    await stack.writer.write({
      resources: stack.snapshot.resources.map(({ resourceHooks, ...state }) => ({
        ...state,
        ...(resourceHooks ? { inputs: { was: "hooked" } } : {}),
      })),
      pendingOperations: [],
    });
    expect(stacks.checkpoint("hooked")).toMatchObject({ version: 3 });
    expect(stacks.checkpoint("hooked").features).toBeUndefined();
  });

  it("shows what a killed run left pending", async () => {
    const stack = await stacks.open("killed");
    const pending = stack.snapshot.pendingOperations.map(({ type, resource }) => [type, resource.urn]);
    expect(pending).toEqual([
      ["creating", "urn:pulumi:killed::recorded::pulumi-nodejs:dynamic:Resource::slow"],
    ]);
  });

  it("gives the program its settings: decrypted, with the project's defaults and the secret keys", async () => {
    const { config } = await stacks.open("dev");
    expect(config).toEqual({
      values: {
        "recorded:token": "canary-token-1",
        "recorded:settings": '{"password":"canary-pass-2","port":27017}',
        "recorded:greeting": "hello",
        "recorded:count": "2",
        "recorded:regions": '["iad"]',
      },
      secretKeys: ["recorded:token", "recorded:settings"],
      secretTexts: expect.arrayContaining(canaries) as unknown,
    });
  });

  it("lends its salt to settings that lost theirs", async () => {
    const configFile = join(stacks.folder, "Pulumi.bare.yaml");
    writeFileSync(configFile, "config:\n  recorded:token:\n    secure: v1:AAAA:AAAA\n");
    await expect(stacks.open("dev", { configFile })).rejects.toThrow("recorded:token cannot be decrypted");
    const own = readFileSync(join(stacks.projectFolder, "Pulumi.dev.yaml"), "utf8");
    writeFileSync(configFile, own.replace(/^encryptionsalt.*$/m, ""));
    const { config } = await stacks.open("dev", { configFile });
    expect(config.values["recorded:token"]).toBe("canary-token-1");
  });

  it("gives another stack its outputs, by either form of its name", async () => {
    const stack = await stacks.open("killed");
    for (const name of ["dev", "organization/recorded/dev"]) {
      expect(await stack.stackOutputs(name)).toEqual({
        name,
        outputs: { made: true, nested: secret({ "a<b": ["deep"] }), token: secret("canary-token-1") },
        secretOutputNames: ["nested", "token"],
      });
    }
    const from = { backendUrl: stacks.backendUrl, project: "recorded", passphrase };
    await expect(readStackOutputs(from, "organization/recorded/none")).rejects.toMatchObject({
      code: "stack-missing",
    });
  });

  it("has a history that can be read", async () => {
    const stack = await stacks.open("dev");
    const [entry, ...older] = await readHistory(stack.place);
    expect(older).toEqual([]);
    expect(entry).toMatchObject({
      kind: "update",
      message: "first",
      result: "succeeded",
      resourceChanges: { create: 5 },
    });
    expect(readFileSync(entry?.checkpointFile ?? "", "utf8")).toContain('"id-holder"');
  });
});

describe("a state that this engine writes", () => {
  let stacks: RecordedStacks;
  beforeEach(() => (stacks = new RecordedStacks()));
  afterEach(() => stacks.remove());

  it("has a manifest whose magic fits, the one before as .bak, and true companions", async () => {
    const before = readFileSync(stacks.checkpointFile("dev"), "utf8");
    const stack = await stacks.open("dev");
    await stack.writer.write(stack.snapshot, { durable: true });
    const { manifest } = stacks.checkpoint("dev").checkpoint.latest;
    expect(manifest?.magic).toBe(
      createHash("sha256")
        .update(manifest?.version ?? "")
        .digest("hex"),
    );
    expect(readFileSync(`${stacks.checkpointFile("dev")}.bak`, "utf8")).toBe(before);
    const attributes = JSON.parse(readFileSync(`${stacks.checkpointFile("dev")}.attrs`, "utf8")) as {
      md5: string;
    };
    const md5 = createHash("md5")
      .update(readFileSync(stacks.checkpointFile("dev")))
      .digest("base64");
    expect(attributes.md5).toBe(md5);
  });

  it("never holds a secret in clear nor an unknown value, in no file of the folder", async () => {
    const stack = await stacks.open("dev");
    const lock = await stack.lock("up");
    stack.begin("update", "a change");
    const [root, ...rest] = stack.snapshot.resources;
    if (!root) throw new Error("no root");
    const outputs = {
      ...root.outputs,
      fresh: secret({ inner: ["canary-new-3", secret("canary-new-4")] }),
      later: unknownSentinel,
      list: [1, unknownSentinel, secret(unknownSentinel)],
    } as typeof root.outputs;
    await stack.writer.write({ resources: [{ ...root, outputs }, ...rest], pendingOperations: [] });
    await stack.finish({ result: "succeeded", changes: { update: 1 } });
    await lock.release();
    const text = allFiles(stacks.folder)
      .filter((file) => !file.includes("program.js"))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    for (const canary of [...canaries, "canary-new-3", "canary-new-4", unknownSentinel])
      expect(text).not.toContain(canary);
    const again = await stacks.open("dev");
    expect(ownOutputs(again.snapshot).fresh).toEqual(
      secret({ inner: ["canary-new-3", secret("canary-new-4")] }),
    );
    expect(ownOutputs(again.snapshot)).toMatchObject({ list: [1, null, null] });
    expect(ownOutputs(again.snapshot)).not.toHaveProperty("later");
  });

  it("adds a pair to the history and a backup for each operation, the newest first", async () => {
    const stack = await stacks.open("dev");
    for (const message of ["second", "third"]) {
      stack.begin("refresh", message, { "exec.kind": "test" });
      await stack.finish({ result: "failed", changes: { same: 5, delete: 0 } });
    }
    const history = await readHistory(stack.place);
    expect(history.map(({ message }) => message)).toEqual(["third", "second", "first"]);
    expect(history[0]).toMatchObject({
      kind: "refresh",
      result: "failed",
      resourceChanges: { same: 5 },
      environment: { "exec.kind": "test" },
    });
    const backups = readdirSync(stacks.file("backups", "recorded", "dev"));
    expect(backups.filter((name) => name.endsWith(".json"))).toHaveLength(2);
  });

  it("shares one write between steps that end together, and the last state wins", async () => {
    const stack = await stacks.open("dev");
    const { resources } = stack.snapshot;
    const before = statSync(stacks.checkpointFile("dev")).ino;
    const writes = [1, 2, 3, 4, 5].map((count) =>
      stack.writer.write({ resources: resources.slice(0, count), pendingOperations: [] }),
    );
    await Promise.all(writes);
    expect(stacks.checkpoint("dev").checkpoint.latest.resources).toHaveLength(5);
    expect(statSync(stacks.checkpointFile("dev")).ino).not.toBe(before);
  });

  it("sees a field that was set anew in a state it wrote before", async () => {
    const stack = await stacks.open("dev");
    await stack.writer.write(stack.snapshot);
    const holder = stack.snapshot.resources.find((state) => state.urn.endsWith("::holder"));
    if (!holder) throw new Error("no holder");
    holder.outputs = { ...holder.outputs, made: false };
    holder.delete = true;
    await stack.writer.write(stack.snapshot);
    const written = stacks
      .checkpoint("dev")
      .checkpoint.latest.resources?.find(({ urn }) => urn === holder.urn);
    expect(written).toMatchObject({ delete: true, outputs: { made: false } });
  });

  it("is kept even when it does not hold together, and that is told", async () => {
    const stack = await stacks.open("dev");
    const orphans = stack.snapshot.resources.slice(1);
    const writing = stack.writer.write({ resources: orphans, pendingOperations: [] });
    await expect(writing).rejects.toThrow("which is missing or comes after it");
    expect(stacks.checkpoint("dev").checkpoint.latest.resources).toHaveLength(orphans.length);
    await expect(stacks.open("dev")).rejects.toMatchObject({ code: "state-corrupt" });
  });

  it("sees what another process wrote before it took the lock", async () => {
    const stack = await stacks.open("dev");
    const other = await stacks.open("dev");
    await other.writer.write({ resources: other.snapshot.resources.slice(0, 1), pendingOperations: [] });
    const lock = await stack.lock("up");
    expect(stack.snapshot.resources).toHaveLength(1);
    await lock.release();
  });

  it("sweeps what a killed writer left half-written", async () => {
    const left = stacks.file("stacks", "recorded", "dev.json.4711.0a1b.tmp");
    writeFileSync(left, '{"version":3,"checkp');
    const stack = await stacks.open("dev");
    const lock = await stack.lock("up");
    await lock.release();
    expect(readdirSync(stacks.file("stacks", "recorded"))).not.toContain("dev.json.4711.0a1b.tmp");
  });
});

function allFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
