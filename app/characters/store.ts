import { ObjectId, type Collection, type Db, type Filter } from "mongodb";
import { HttpProblem, notFound } from "../http";
import { beginsWith } from "../record";
import type { Character, CharacterChange, NewCharacter } from "./character";

/** Which characters are asked for, and how many of them. */
export interface CharacterQuery {
  partyId?: ObjectId | undefined;
  /** How the name begins. */
  startsWith?: string | undefined;
  limit: number;
  offset: number;
}

function characters(db: Db): Collection<Character> {
  return db.collection<Character>("characters");
}

/** Characters by name. */
export async function listCharacters(db: Db, query: CharacterQuery): Promise<Character[]> {
  const filter: Filter<Character> = {
    ...(query.partyId ? { partyId: query.partyId } : {}),
    ...(query.startsWith ? { name: beginsWith(query.startsWith) } : {}),
  };
  return characters(db).find(filter).sort({ name: 1 }).skip(query.offset).limit(query.limit).toArray();
}

export async function findCharacter(db: Db, id: ObjectId): Promise<Character> {
  const found = await characters(db).findOne({ _id: id });
  if (!found) throw notFound("character");
  return found;
}

export async function createCharacter(db: Db, wanted: NewCharacter): Promise<Character> {
  const { partyId, ...rest } = wanted;
  await requireParty(db, partyId);
  const now = new Date();
  const character: Character = {
    _id: new ObjectId(),
    ...rest,
    ...(partyId ? { partyId } : {}),
    createdAt: now,
    updatedAt: now,
  };
  await characters(db).insertOne(character);
  return character;
}

export async function changeCharacter(db: Db, id: ObjectId, change: CharacterChange): Promise<Character> {
  const { partyId, ...rest } = change;
  await requireParty(db, partyId);
  const changed = await characters(db).findOneAndUpdate(
    { _id: id },
    {
      $set: { ...withoutUndefined(rest), ...(partyId ? { partyId } : {}), updatedAt: new Date() },
      ...(partyId === null ? { $unset: { partyId: "" as const } } : {}),
    },
    { returnDocument: "after" },
  );
  if (!changed) throw notFound("character");
  return changed;
}

export async function deleteCharacter(db: Db, id: ObjectId): Promise<void> {
  const { deletedCount } = await characters(db).deleteOne({ _id: id });
  if (deletedCount === 0) throw notFound("character");
}

async function requireParty(db: Db, partyId: ObjectId | null | undefined): Promise<void> {
  if (!partyId) return;
  const party = await db.collection("parties").findOne({ _id: partyId }, { projection: { _id: 1 } });
  if (!party) throw new HttpProblem(400, "the request is not valid", ["partyId: there is no such party"]);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(change: T): Defined<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Defined<T>;
}
