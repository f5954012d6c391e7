import { ObjectId, type WithId } from "mongodb";
import { z } from "zod";
import { notFound } from "./http";

/** A name that people read: short, and without blanks around it. */
export const displayName = z.string().trim().min(1).max(80);

/** The id of another record, as it comes in JSON. */
export const reference = z
  .string()
  .regex(/^[0-9a-f]{24}$/i, "an id of 24 hexadecimal digits")
  .transform((hex) => new ObjectId(hex));

/** Which part of a list is asked for. */
export const listWindow = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
});

/** The id in a path; what cannot be one names nothing. */
export function idFrom(text: string | undefined, what: string): ObjectId {
  if (!text || !/^[0-9a-f]{24}$/i.test(text)) throw notFound(what);
  return new ObjectId(text);
}

/** A record as the API shows it: `id` first. */
export function view<T extends object>(record: WithId<T>): object {
  const { _id, ...rest } = record;
  return { id: _id, ...rest };
}

/** Names that begin with a text, in a form that an index can answer. */
export function beginsWith(text: string): { $gte: string; $lt: string } {
  return { $gte: text, $lt: `${text}\uffff` };
}
