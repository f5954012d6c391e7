import { runGates, type PreflightWishes, type PromotionWish } from "../../../../infra/engines/preflight";
import { silent } from "../../../../infra/support";
import { calmNeighbours, calmWishes } from "./world";

const digest = `sha256:${"a".repeat(64)}`;
const there = {
  release: 41,
  version: "1.2.0",
  digest,
  migrations: { "20260101000000": "0a", "20260201000000": "0b" },
};
const promotion: PromotionWish = { from: "staging", override: null, passed: there, newest: there };

/** What the gate says of a release with these files, all of which wait. */
async function judged(
  wish: PromotionWish | null,
  files: Record<string, string> = {},
  more: Partial<PreflightWishes> = {},
) {
  const pending = Object.keys(files).map((version) => ({ version }));
  const around = {
    ...calmNeighbours,
    checksumsOf: () => files,
    planMigrations: async () => ({ pending, problems: [] }),
  };
  const wishes = { ...calmWishes("promotion", ""), address: null, promotion: wish, ...more };
  const looks = { signal: AbortSignal.timeout(10_000), progress: silent, only: ["promotion"] };
  const { gates } = await runGates(wishes, around, looks);
  const [found] = gates;
  return found && { ...found, said: `${found.state}${found.stops ? "!" : ""}` };
}

describe("production takes what has passed staging", () => {
  test("the same image with migrations that were in effect there goes through", async () => {
    expect(await judged(promotion, { "20260201000000": "0b" })).toMatchObject({
      said: "ok",
      reason: expect.stringContaining("release 41") as string,
    });
  });

  test("another image, and a migration that was not there or was another file then, do not", async () => {
    const other = await judged({ ...promotion, passed: null });
    expect(other).toMatchObject({ said: "fail!" });
    expect(other?.reason).toContain("the newest there is release 41");
    expect(other?.remedy).toContain("dnd up --stack staging");
    expect(other?.remedy).toContain("--override-promotion");
    const strange = await judged(promotion, { "20260201000000": "ff", "20260301000000": "0c" });
    expect(strange).toMatchObject({ said: "fail!" });
    expect(strange?.reason).toContain("20260201000000 (changed since), 20260301000000");
  });

  test("an image that is built by this very release has passed nowhere", async () => {
    expect(await judged(promotion, {}, { image: null })).toMatchObject({ said: "unknown!" });
  });

  test("a reason opens the gate, and stays to be seen", async () => {
    const open = await judged({ from: "staging", override: "the login is down", passed: null, newest: null });
    expect(open).toMatchObject({ said: "warn", reason: "overridden: the login is down" });
  });

  test("where nothing is asked for, and on the way back, nobody is held up", async () => {
    expect(await judged(null)).toMatchObject({ said: "ok" });
    expect(await judged({ ...promotion, passed: null }, {}, { direction: "rollback" })).toBeUndefined();
  });
});
