import type { ObjectId } from "mongodb";
import { z } from "zod";
import { displayName, reference } from "../record";

/** What a character can take at most and has left. */
export const hitPoints = z
  .object({ current: z.int().min(0).max(999), max: z.int().min(1).max(999) })
  .refine(({ current, max }) => current <= max, "current must not be above max");

/** What a new character needs. */
export const newCharacter = z.strictObject({
  name: displayName,
  class: z.string().trim().min(1).max(40),
  level: z.int().min(1).max(20),
  hitPoints,
  armorClass: z.int().min(1).max(40),
  partyId: reference.optional(),
});

/** What may be changed later; `partyId: null` leaves the party. */
export const characterChange = newCharacter
  .extend({ partyId: reference.nullable() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "nothing to change");

export type NewCharacter = z.infer<typeof newCharacter>;
export type CharacterChange = z.infer<typeof characterChange>;

/** A player's character as the database keeps it. */
export interface Character extends Omit<NewCharacter, "partyId"> {
  _id: ObjectId;
  partyId?: ObjectId;
  createdAt: Date;
  updatedAt: Date;
}
