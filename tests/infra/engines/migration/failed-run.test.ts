import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_failed_run");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const things = async () =>
  (await shop.db.collection("things").find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
const states = async () =>
  (await shop.db.collection("migrations").find({}).sort({ _id: 1 }).toArray()).map(({ state }) => state);

const failing = `async up({ db }) { await db.collection("things").insertOne({ _id: "half" }); throw new Error("dice lost"); },`;
const three = (third = `${failing} irreversible: "no",`) => ({
  "20260101000000-one": adds("a"),
  "20260102000000-two": `transaction: false, idempotent: true, ${adds("b")}`,
  "20260103000000-three": third,
});

describe("when a migration fails, those of the run before it", () => {
  test("stay, and the error says so", async () => {
    const failure = await failureOf(shop.up(await shop.folder(three())));
    expect(failure.message).toContain("this run applied 20260101000000, 20260102000000: they stay");
    expect(await things()).toEqual(["a", "b"]);
    expect(await states()).toEqual(["applied", "applied", "failed"]);
  });

  test("go back with it, the newest first", async () => {
    const failure = await failureOf(shop.up(await shop.folder(three()), { onFailure: "revert-run" }));
    expect(failure.message).toContain("20260102000000, 20260101000000; this run has left nothing");
    expect(await things()).toEqual([]);
    expect(await states()).toEqual(["reverted", "reverted", "failed"]);
  });

  test("go back as far as there is a way, and the error says where that ends", async () => {
    const folder = await shop.folder({
      ...three(),
      "20260101000000-one": `irreversible: "it burns the map", ${adds("a").split("async down")[0]}`,
    });
    const failure = await failureOf(shop.up(folder, { onFailure: "revert-run" }));
    expect(failure.message).toContain("20260101000000 could not be (it burns the map)");
    expect(await things()).toEqual(["a"]);
    expect(await states()).toEqual(["applied", "reverted", "failed"]);
  });

  test("keep both errors when going back fails too", async () => {
    const folder = await shop.folder({
      ...three(),
      "20260102000000-two": `async up() {}, async down() { throw new Error("table gone"); },`,
    });
    const failure = await failureOf(shop.up(folder, { onFailure: "revert-run" }));
    expect(failure.message).toContain("dice lost; and then");
    expect((failure.cause as AggregateError).errors).toHaveLength(2);
    expect(String((failure.cause as AggregateError).errors[1])).toContain("table gone");
    expect(await states()).toEqual(["applied", "applied", "failed"]);
  });

  test("come back out of the archive with it, and only the collections that were written to", async () => {
    await shop.db.collection("things").insertOne({ _id: "old" as never });
    const restored: string[][] = [];
    const restore = async (collections: string[]): Promise<void> => {
      restored.push(collections);
      await shop.db.collection("things").deleteMany({ _id: { $ne: "old" as never } });
    };
    const half = `transaction: false, idempotent: true, irreversible: "no", ${failing}`;
    const folder = await shop.folder(three(half));
    const failure = await failureOf(shop.up(folder, { onFailure: "restore", restore }));
    expect(restored).toEqual([["things"]]);
    expect(failure.message).toContain("things came back from this run's archive");
    expect(await things()).toEqual(["old"]);
    expect(await states()).toEqual(["reverted", "reverted", "failed"]);
    const [, , third] = await shop.db.collection("migrations").find({}).sort({ _id: 1 }).toArray();
    expect(third).toMatchObject({ partial: false });
  });

  test("are not even begun when there is no archive for them to come out of", async () => {
    const folder = await shop.folder(three());
    const failure = await failureOf(shop.up(folder, { onFailure: "restore" }));
    expect(failure).toMatchObject({ code: "migrations-no-archive", exitCode: 3 });
    expect(await shop.db.listCollections().toArray()).toEqual([]);
  });

  test("stay when the archive cannot be restored, with both errors", async () => {
    const restore = () => Promise.reject(new Error("bucket gone"));
    const folder = await shop.folder(three());
    const failure = await failureOf(shop.up(folder, { onFailure: "restore", restore }));
    expect(failure.message).toContain("Restoring things from the archive failed too");
    expect((failure.cause as AggregateError).errors.map((one: Error) => one.message)).toEqual([
      "dice lost",
      "bucket gone",
    ]);
    expect(await things()).toEqual(["a", "b"]);
  });
});
