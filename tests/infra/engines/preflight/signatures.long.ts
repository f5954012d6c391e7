import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keepProof, prove } from "../../../../infra/engines/preflight";
import { silent } from "../../../../infra/support";
import { describeWith } from "../../../harness/tools";
import { Signing } from "./signing";

describeWith("ssh-keygen")("signatures under releases and proofs", () => {
  let signing: Signing;

  beforeAll(async () => {
    signing = await Signing.open("preflight_signatures");
  });
  afterAll(() => signing.close());

  const sign: Signing["sign"] = (person) => signing.sign(person);
  const stateOf: Signing["stateOf"] = (...asked) => signing.stateOf(...asked);

  test("count no more when their text is another's or the person was taken out of the file", async () => {
    const { folder, ops } = signing;
    await sign("ada");
    await sign("bob");
    const kept = ops.collection<{ _id: string; signature: string }>("approvals");
    const [one, other] = await kept.find({}).toArray();
    await kept.updateOne({ _id: one?._id ?? "" }, { $set: { signature: "forged" } });
    expect((await sign(null)).people).toHaveLength(1);
    await kept.updateOne({ _id: other?._id ?? "" }, { $set: { signature: one?.signature ?? "" } });
    const everybody = await readFile(join(folder, "signers"), "utf8");
    await writeFile(join(folder, "signers"), everybody.split("\n").slice(1).join("\n"));
    expect((await sign(null)).people.length).toBeLessThan(2);
    await writeFile(join(folder, "signers"), everybody);
  });

  test("prove a commit, and a proof that was changed or signed by a stranger is none", async () => {
    const { folder, ops, signal, wishes } = signing;
    const commit = wishes.commit ?? "";
    const node = process.execPath;
    const commands = [
      { name: "lint", command: [node, "-e", "0"], timeoutMs: 60_000 },
      { name: "tests", command: [node, "-e", "console.log('1 failed'); process.exit(2)"], timeoutMs: 60_000 },
    ] as const;
    const proveBy = (person: string, some: typeof commands | readonly (typeof commands)[0][]) =>
      prove({ commit, folder, commands: some, key: join(folder, person), progress: silent, signal });
    const failed = await proveBy("ada", commands);
    expect(failed).toMatchObject({
      kind: "failed",
      commands: [{ outcome: "passed" }, { outcome: "failed" }],
    });
    expect(failed.commands[1]?.detail).toContain("1 failed");

    const signers = join(folder, "signers");
    const rules = { ...wishes.rules, proof: { wanted: true, withinMs: 86_400_000, signers } };
    const good = await proveBy("ada", [commands[0]]);
    await keepProof(good, ops);
    const found = await stateOf("proof", { rules });
    expect(found).toMatchObject({ state: "ok" });
    expect(found?.reason).toContain("by ada@example.org");
    await keepProof({ ...failed, kind: "passed" }, ops);
    expect(await stateOf("proof", { rules })).toMatchObject({ state: "fail", stops: true });
    await keepProof(await proveBy("eve", [commands[0]]), ops);
    expect(await stateOf("proof", { rules })).toMatchObject({ state: "fail" });
  });
});
