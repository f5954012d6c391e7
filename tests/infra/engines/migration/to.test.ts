import { unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  downMigrations,
  migrateTo,
  migrationStatus,
  planMigrations,
} from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;
let folder: string;

beforeAll(async () => {
  shop = await openWorkshop("migration_to");
});
beforeEach(async () => {
  await shop.clear();
  folder = await shop.folder({
    "20260101000000-one": adds("a"),
    "20260102000000-two": adds("b"),
    "20260103000000-three": `dependsOn: ["20260101000000"], ${adds("c")}`,
  });
});
afterAll(() => shop.close());

const base = () => ({ address: shop.address, folder, release: null, progress: () => undefined });
const to = async (version: string | null) =>
  (await migrateTo({ ...base(), version })).ran.map((one) => `${one.direction} ${one.version.slice(6, 8)}`);
const things = async () =>
  (await shop.db.collection("things").find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

describe("going to a version", () => {
  test("runs what is missing, or takes back what is later, and to nothing takes all back", async () => {
    expect(await to("20260102000000")).toEqual(["up 01", "up 02"]);
    expect(await to("20260103000000")).toEqual(["up 03"]);
    expect(await to("20260101000000")).toEqual(["down 03", "down 02"]);
    expect(await things()).toEqual(["a"]);
    expect(await to("20260101000000")).toEqual([]);
    expect(await to(null)).toEqual(["down 01"]);
    expect(await things()).toEqual([]);
  });

  test("that nobody knows is refused as a wrong word", async () => {
    expect(await failureOf(to("20990101000000"))).toMatchObject({ code: "migration-unknown", exitCode: 2 });
  });
});

describe("one migration alone", () => {
  test("waits for those that it depends on", async () => {
    const failure = await failureOf(shop.up(folder, { only: "20260103000000" }));
    expect(failure).toMatchObject({ code: "migration-dependency-missing", exitCode: 3 });
    expect(failure.message).toContain("20260101000000");
    expect(await things()).toEqual([]);
  });

  test("leaves a hole that is recorded and can be filled later", async () => {
    await shop.up(folder, { to: "20260101000000" });
    expect((await shop.up(folder, { only: "20260103000000" })).ran).toHaveLength(1);
    const { rows } = await migrationStatus({ address: shop.address, folder });
    expect(rows.map(({ state, holes }) => [state, holes])).toEqual([
      ["applied", []],
      ["pending", []],
      ["applied", ["20260102000000"]],
    ]);
    expect((await planMigrations({ address: shop.address, folder })).problems).toEqual([]);
    await shop.up(folder);
    expect(await things()).toEqual(["a", "b", "c"]);
  });

  test("is nothing to do when it is applied already", async () => {
    await shop.up(folder);
    expect((await shop.up(folder, { only: "20260102000000" })).ran).toEqual([]);
  });
});

describe("taking back", () => {
  test("from a checkout without the files names the commit that has them", async () => {
    process.env.GIT_SHA = "feedc0ffee";
    await shop.up(folder);
    delete process.env.GIT_SHA;
    await unlink(join(folder, "20260103000000-three.ts"));
    const failure = await failureOf(downMigrations({ ...base(), steps: 1 }));
    expect(failure).toMatchObject({ kind: "refused" });
    expect(failure.message).toContain("run from commit feedc0ffee");
    expect(await things()).toEqual(["a", "b", "c"]);
  });
});
