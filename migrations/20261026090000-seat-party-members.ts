import type { Migration } from "../infra/engines/migration";

const migration: Migration = {
  version: "20261026090000",
  description: "characters name their party, as well as parties their members",
  async up({ db, log }) {
    const parties = await db.collection("parties").find({}).toArray();
    for (const { _id, members } of parties) {
      // A character that has a party already was put there by the newer code.
      const unseated = { _id: { $in: members ?? [] }, partyId: { $exists: false } };
      await db.collection("characters").updateMany(unseated, { $set: { partyId: _id } });
    }
    log(`${parties.length} parties seated`);
  },
  async down({ db }) {
    const parties = await db.collection("parties").find({}).toArray();
    for (const { _id } of parties) {
      const seated = await db.collection("characters").distinct("_id", { partyId: _id });
      if (seated.length === 0) continue;
      await db
        .collection("parties")
        .updateOne({ _id }, [{ $set: { members: { $setUnion: [{ $ifNull: ["$members", []] }, seated] } } }]);
      await db.collection("characters").updateMany({ partyId: _id }, { $unset: { partyId: "" } });
    }
  },
};

export default migration;
