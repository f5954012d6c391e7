import { BSON } from "mongodb";
import { SummingThread } from "../../../../../infra/engines/backup/archive";
import { PlainSums } from "../../../../../infra/engines/backup/archive/sums";

let thread: SummingThread;
beforeEach(() => (thread = new SummingThread()));
afterEach(() => thread.close());

const batch = (documents: number, seed: number) => ({
  documents,
  bytes: Buffer.concat(
    Array.from({ length: documents }, (_, n) => BSON.serialize({ _id: n, seed, name: "x".repeat(n % 90) })),
  ),
});

test("collections that are summed up beside each other come to what they come to alone", async () => {
  const batches = [batch(3, 1), batch(700, 2), batch(1, 3)];
  const collections = [0, 1].map(() => ({ beside: thread.collection(), alone: new PlainSums() }));
  for (const one of batches)
    for (const { beside, alone } of collections) {
      const given = { documents: one.documents, bytes: Buffer.from(one.bytes) };
      const back = await beside.add(given);
      expect(back.documents).toBe(one.documents);
      expect(back.bytes.equals(one.bytes)).toBe(true);
      await alone.add(one);
    }
  for (const { beside, alone } of collections) expect(await beside.finish()).toEqual(await alone.finish());
});

test("a neighbour in the same memory stays where it is", async () => {
  const one = batch(400, 1);
  const memory = Buffer.concat([one.bytes, one.bytes, one.bytes]);
  const middle = memory.subarray(one.bytes.length, 2 * one.bytes.length);
  await thread.collection().add({ documents: 400, bytes: middle });
  expect(memory.subarray(0, one.bytes.length).equals(one.bytes)).toBe(true);
});

test("documents that are none fail the one who waits for them and everyone after", async () => {
  const sums = thread.collection();
  const broken = Buffer.from([9, 0, 0, 0, 0]);
  await expect(sums.add({ documents: 1, bytes: broken })).rejects.toThrow("no whole documents");
  await expect(sums.finish()).rejects.toThrow("no whole documents");
});

test("who asks a thread that was closed hears of it", async () => {
  const sums = thread.collection();
  await thread.close();
  await expect(sums.finish()).rejects.toThrow("has ended");
});
