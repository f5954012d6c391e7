import { describeWith } from "../../../harness/tools";
import { Signing } from "./signing";

describeWith("ssh-keygen")("signatures under a release", () => {
  let signing: Signing;

  beforeAll(async () => {
    signing = await Signing.open("preflight_approvals");
  });
  afterAll(() => signing.close());

  const sign: Signing["sign"] = (person) => signing.sign(person);
  const stateOf: Signing["stateOf"] = (...asked) => signing.stateOf(...asked);

  test("open the gate when enough people have signed this very release, each counted once", async () => {
    expect(await stateOf("approvals")).toMatchObject({ state: "fail", stops: true });
    expect((await sign(null)).text).toContain(`image: sha256:${"a".repeat(64)}`);
    await sign("ada");
    expect((await sign("ada")).people).toEqual(["ada@example.org"]);
    expect(await stateOf("approvals")).toMatchObject({ state: "fail" });
    await expect(sign("eve")).rejects.toMatchObject({ code: "approval-refused", kind: "refused" });
    expect((await sign("bob")).people).toEqual(["ada@example.org", "bob@example.org"]);
    expect(await stateOf("approvals")).toMatchObject({ state: "ok" });
    expect(await stateOf("approvals", { release: 6 })).toMatchObject({ state: "fail" });
    const image = { name: "tracker", version: "1.2.0", digest: `sha256:${"b".repeat(64)}` };
    expect(await stateOf("approvals", { image })).toMatchObject({ state: "fail" });
  });
});
