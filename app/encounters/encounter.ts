import type { ObjectId } from "mongodb";
import { z } from "zod";
import { hitPoints } from "../characters";
import { displayName, reference } from "../record";

/** One who fights: a character of the party, or anybody else by name. */
export const newCombatant = z.strictObject({
  characterId: reference.optional(),
  name: displayName,
  initiative: z.int().min(-10).max(50),
  hitPoints,
});

/** A fight to come; without combatants the party's characters take part, each with a rolled initiative. */
export const newEncounter = z.strictObject({
  name: displayName,
  partyId: reference,
  combatants: z.array(newCombatant).max(100).optional(),
});

/** The turn that a player saw when asking for the next: who comes second is told, and no turn is skipped. */
export const turnSeen = z.strictObject({
  round: z.int().min(1).optional(),
  turnIndex: z.int().min(0).optional(),
});

/** A change of one combatant's hit points. */
export const blow = z.strictObject({
  combatant: z.int().min(0).max(99),
  amount: z.int().min(1).max(999),
});

export const encounterStatus = z.enum(["planned", "active", "finished"]);

export type NewEncounter = z.infer<typeof newEncounter>;

/** One who fights, as the database keeps it. */
export interface Combatant {
  characterId?: ObjectId;
  name: string;
  initiative: number;
  hitPoints: { current: number; max: number };
}

/** A fight: planned, then active turn by turn, then finished. Combatants stand in the order of their turns. */
export interface Encounter {
  _id: ObjectId;
  name: string;
  partyId: ObjectId;
  status: z.infer<typeof encounterStatus>;
  round: number;
  turnIndex: number;
  combatants: Combatant[];
  createdAt: Date;
  updatedAt: Date;
}
