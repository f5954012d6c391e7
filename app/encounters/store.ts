import { randomInt } from "node:crypto";
import { ObjectId, type Collection, type Db, type Filter } from "mongodb";
import { listCharacters } from "../characters";
import { HttpProblem, notFound } from "../http";
import type { CombatStep } from "./combat";
import type { Combatant, Encounter, NewEncounter } from "./encounter";

export interface EncounterQuery {
  partyId?: ObjectId | undefined;
  status?: Encounter["status"] | undefined;
  limit: number;
  offset: number;
}

function encounters(db: Db): Collection<Encounter> {
  return db.collection<Encounter>("encounters");
}

/** Encounters, the newest first. */
export async function listEncounters(db: Db, query: EncounterQuery): Promise<Encounter[]> {
  const filter: Filter<Encounter> = {
    ...(query.partyId ? { partyId: query.partyId } : {}),
    ...(query.status ? { status: query.status } : {}),
  };
  // Ids grow with time: without a party the order of creation needs no index of its own.
  const newestFirst = query.partyId ? ({ createdAt: -1 } as const) : ({ _id: -1 } as const);
  return encounters(db).find(filter).sort(newestFirst).skip(query.offset).limit(query.limit).toArray();
}

export async function findEncounter(db: Db, id: ObjectId): Promise<Encounter> {
  const found = await encounters(db).findOne({ _id: id });
  if (!found) throw notFound("encounter");
  return found;
}

export async function createEncounter(db: Db, wanted: NewEncounter): Promise<Encounter> {
  const party = await db.collection("parties").findOne({ _id: wanted.partyId }, { projection: { _id: 1 } });
  if (!party) throw new HttpProblem(400, "the request is not valid", ["partyId: there is no such party"]);
  const combatants = wanted.combatants?.map(asCombatant) ?? (await membersOf(db, wanted.partyId));
  const now = new Date();
  const encounter: Encounter = {
    _id: new ObjectId(),
    name: wanted.name,
    partyId: wanted.partyId,
    status: "planned",
    round: 0,
    turnIndex: 0,
    combatants: combatants.sort((one, other) => other.initiative - one.initiative),
    createdAt: now,
    updatedAt: now,
  };
  await encounters(db).insertOne(encounter);
  return encounter;
}

/** Adds one who fights, at the place of its initiative, while nobody has had a turn. */
export async function addCombatant(db: Db, id: ObjectId, combatant: Combatant): Promise<Encounter> {
  const changed = await encounters(db).findOneAndUpdate(
    { _id: id, status: "planned", "combatants.99": { $exists: false } },
    {
      $push: { combatants: { $each: [asCombatant(combatant)], $sort: { initiative: -1 } } },
      $set: { updatedAt: new Date() },
    },
    { returnDocument: "after" },
  );
  return changed ?? refuse(db, id, "take one more: it must be planned and have less than 100 combatants");
}

/** Takes one step of a fight; two players at once are served one after the other by the database. */
export async function takeStep(db: Db, id: ObjectId, step: CombatStep): Promise<Encounter> {
  const changed = await encounters(db).findOneAndUpdate(
    { ...step.allowed, _id: id },
    [...step.change, { $set: { updatedAt: "$$NOW" } }],
    { returnDocument: "after" },
  );
  return changed ?? refuse(db, id, step.name);
}

export async function deleteEncounter(db: Db, id: ObjectId): Promise<void> {
  const { deletedCount } = await encounters(db).deleteOne({ _id: id });
  if (deletedCount === 0) throw notFound("encounter");
}

async function refuse(db: Db, id: ObjectId, what: string): Promise<never> {
  const { status, round, turnIndex } = await findEncounter(db, id);
  throw new HttpProblem(409, `the encounter cannot ${what}`, [
    `it is ${status}, round ${round}, turn ${turnIndex}`,
  ]);
}

async function membersOf(db: Db, partyId: ObjectId): Promise<Combatant[]> {
  const members = await listCharacters(db, { partyId, limit: 100, offset: 0 });
  return members.map(({ _id, name, hitPoints }) => ({
    characterId: _id,
    name,
    initiative: randomInt(1, 21),
    hitPoints,
  }));
}

function asCombatant({ characterId, ...rest }: NonNullable<NewEncounter["combatants"]>[number]): Combatant {
  return { ...(characterId ? { characterId } : {}), ...rest };
}
