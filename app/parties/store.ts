import { MongoServerError, ObjectId, type Collection, type Db } from "mongodb";
import { HttpProblem, notFound } from "../http";
import { beginsWith } from "../record";

/** A group of characters who travel together; its members name it, not the other way round. */
export interface Party {
  _id: ObjectId;
  name: string;
  createdAt: Date;
}

function parties(db: Db): Collection<Party> {
  return db.collection<Party>("parties");
}

/** Parties by name. */
export async function listParties(
  db: Db,
  query: { startsWith?: string | undefined; limit: number; offset: number },
): Promise<Party[]> {
  const filter = query.startsWith ? { name: beginsWith(query.startsWith) } : {};
  return parties(db).find(filter).sort({ name: 1 }).skip(query.offset).limit(query.limit).toArray();
}

export async function findParty(db: Db, id: ObjectId): Promise<Party> {
  const found = await parties(db).findOne({ _id: id });
  if (!found) throw notFound("party");
  return found;
}

export async function createParty(db: Db, name: string): Promise<Party> {
  const party: Party = { _id: new ObjectId(), name, createdAt: new Date() };
  await unlessTaken(name, () => parties(db).insertOne(party));
  return party;
}

export async function renameParty(db: Db, id: ObjectId, name: string): Promise<Party> {
  const renamed = await unlessTaken(name, () =>
    parties(db).findOneAndUpdate({ _id: id }, { $set: { name } }, { returnDocument: "after" }),
  );
  if (!renamed) throw notFound("party");
  return renamed;
}

/** Ends a party; its characters go on without one. */
export async function deleteParty(db: Db, id: ObjectId): Promise<void> {
  // The party first: nobody can join what is gone, so nobody is left pointing at it.
  const { deletedCount } = await parties(db).deleteOne({ _id: id });
  await db.collection("characters").updateMany({ partyId: id }, { $unset: { partyId: "" } });
  if (deletedCount === 0) throw notFound("party");
}

async function unlessTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 11000) {
      throw new HttpProblem(409, `there is a party named "${name}" already`);
    }
    throw error;
  }
}
