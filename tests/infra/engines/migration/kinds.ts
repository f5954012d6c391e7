import { pauseAt } from "./child-run";
import { adds, type Sources } from "./workshop";

const verify = `async verify({ log }) { ${pauseAt("verified")} },`;
/** How many documents each kind finds. */
export const count = 200;

/** Each kind of migration changes every document once; how often is what a test looks at. */
export const kinds: Record<string, string> = {
  "a transaction": `irreversible: "no", async up({ db, log }) {
      await db.collection("things").updateMany({ n: { $lt: 100 } }, { $inc: { times: 1 } });
      ${pauseAt("in the middle")}
      await db.collection("things").updateMany({ n: { $gte: 100 } }, { $inc: { times: 1 } });
    },`,
  "a back-fill": `transaction: false, irreversible: "no", async up({ helpers, log }) {
      await helpers.backfill("things", { filter: { n: { $lt: 100 } }, update: { $inc: { times: 1 } }, batchSize: 30 });
      ${pauseAt("in the middle")}
      await helpers.backfill("things", { filter: { n: { $gte: 100 } }, update: { $inc: { times: 1 } }, batchSize: 30 });
    },`,
  "plain writes that may be repeated": `transaction: false, idempotent: true, irreversible: "no", async up({ db, log }) {
      await db.collection("things").updateMany({ n: { $lt: 100 } }, { $set: { times: 1 } });
      ${pauseAt("in the middle")}
      await db.collection("things").updateMany({ n: { $gte: 100 } }, { $set: { times: 1 } });
    },`,
  "an index and a validator": `transaction: false, irreversible: "no", async up({ helpers, log }) {
      await helpers.ensureIndex("things", { times: 1 });
      ${pauseAt("in the middle")}
      await helpers.ensureValidator("things", { _id: { $exists: true } });
      await helpers.backfill("things", { update: { $inc: { times: 1 } } });
    },`,
  "one that is undone first": `transaction: false, idempotent: true, afterCrash: "undo", async up({ db, log }) {
      await db.collection("things").updateMany({ n: { $lt: 100 } }, { $inc: { times: 1 } });
      ${pauseAt("in the middle")}
      await db.collection("things").updateMany({ n: { $gte: 100 } }, { $inc: { times: 1 } });
    },
    async down({ db }) { await db.collection("things").updateMany({}, { $unset: { times: "" } }); },`,
  "pre-images outside a transaction": `transaction: false, undo: "pre-images", async up({ helpers, log }) {
      await helpers.backfill("things", { filter: { n: { $lt: 100 } }, update: { $inc: { times: 1 } }, batchSize: 30 });
      ${pauseAt("in the middle")}
      await helpers.backfill("things", { filter: { n: { $gte: 100 } }, update: { $inc: { times: 1 } }, batchSize: 30 });
    },`,
};

/** A migration of a kind between two small ones. */
export const folderOf = (source: string): Sources => ({
  "20260101000000-one": adds("before"),
  "20260102000000-two": `${source} ${verify}`,
  "20260103000000-three": adds("after"),
});
