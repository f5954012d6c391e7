import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { BSON } from "mongodb";
import { z } from "zod";
import { OperatorError } from "../../../support";
import { documentsOf, type RawBatch } from "../raw-batches";
import { encodeValue, rewritten, type EncodedValue } from "./rewritten";

const rule = z.strictObject({
  /** "*" means all of them. */
  collection: z.string().min(1),
  /** Names with dots between them; through lists it goes on into every entry. */
  path: z.string().min(1),
  do: z.enum(["replace", "hash", "null", "fake"]),
  /** What replaces it. */
  with: z.json().optional(),
  /** What a fake one looks like. */
  like: z.enum(["name", "email", "text"]).optional(),
});

const rulesSchema = z.strictObject({
  /** The same salt gives the same hashes and fakes: references between collections stay true. */
  salt: z.string().min(1),
  rules: z.array(rule).min(1),
});

/** What a rules file says. */
export type AnonymiseRules = z.infer<typeof rulesSchema>;
type Rule = AnonymiseRules["rules"][number];

/** Reads a rules file; all that is wrong with it comes at once. */
export async function readRules(path: string): Promise<AnonymiseRules> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw rulesUnusable(path, (error as Error).message);
  });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw rulesUnusable(path, (error as Error).message);
  }
  return parseRules(raw, path);
}

/** The same for rules that are at hand. */
export function parseRules(raw: unknown, from = "the rules"): AnonymiseRules {
  const parsed = rulesSchema.safeParse(raw);
  if (!parsed.success) throw rulesUnusable(from, z.prettifyError(parsed.error));
  const bare = parsed.data.rules.find((one) => one.do === "replace" && one.with === undefined);
  if (bare) throw rulesUnusable(from, `the rule for ${bare.path} does not say with what it is replaced`);
  const id = parsed.data.rules.find(({ path, do: what }) => path === "_id" && what !== "hash");
  if (id) throw rulesUnusable(from, "an _id must stay unique: it can only be hashed");
  return parsed.data;
}

function rulesUnusable(from: string, why: string): OperatorError {
  return new OperatorError({
    code: "anonymise-rules-invalid",
    kind: "refused",
    message: `the rules in ${from} cannot be used: ${why}`,
    remedy: "Correct the file and run the command again. Nothing was changed.",
  });
}

/** Takes what belongs to persons out of documents; everything else stays byte for byte. */
export class Anonymiser {
  constructor(private readonly rules: AnonymiseRules) {}

  /** The buckets of a time series are packed: what is inside cannot be changed one by one. */
  refuseTimeSeries(collections: readonly { name: string; type: string }[]): void {
    const packed = collections.find(({ name, type }) => type === "timeseries" && this.#of(name).length > 0);
    if (packed)
      throw rulesUnusable(
        "use",
        `${packed.name} is a time series, whose documents cannot be changed one by one`,
      );
  }

  rewrite(collection: string, batch: RawBatch): RawBatch {
    const rules = this.#of(collection);
    if (rules.length === 0 || collection.startsWith("system.")) return batch;
    const documents = [...documentsOf(batch)].map((document) => this.#document(document, rules));
    return { documents: batch.documents, bytes: Buffer.concat(documents) };
  }

  #of(collection: string): Rule[] {
    return this.rules.rules.filter((one) => one.collection === "*" || one.collection === collection);
  }

  #document(document: Buffer, rules: readonly Rule[]): Buffer {
    return rules.reduce(
      (bytes, one) => rewritten(bytes, one.path.split("."), (old) => this.#replacement(one, old)),
      document,
    );
  }

  #replacement(one: Rule, old: EncodedValue): EncodedValue {
    if (one.do === "null") return encodeValue(null);
    if (one.do === "replace") return encodeValue(one.with);
    const hash = createHmac("sha256", this.rules.salt)
      .update(Buffer.from([old.type]))
      .update(old.bytes)
      .digest();
    if (one.do === "fake") return encodeValue(fake(one.like ?? "text", hash));
    // What refers to documents by ids does so afterwards.
    return old.type === 0x07
      ? encodeValue(new BSON.ObjectId(hash.subarray(0, 12)))
      : encodeValue(hash.toString("hex").slice(0, 32));
  }
}

const first = [
  "Arannis",
  "Brottor",
  "Caelynn",
  "Darrak",
  "Eldeth",
  "Finnan",
  "Gimble",
  "Haela",
  "Ivellios",
  "Jozan",
  "Kathra",
  "Lia",
  "Mialee",
  "Naivara",
  "Orsik",
  "Quelenna",
];
const last = [
  "Amberfall",
  "Brightwood",
  "Copperkettle",
  "Dankil",
  "Evenwood",
  "Fireforge",
  "Greycastle",
  "Holderhek",
  "Ironfist",
  "Liadon",
  "Moonwhisper",
  "Nightbreeze",
  "Oakenheel",
  "Rumnaheim",
  "Stoutbridge",
  "Tealeaf",
];

function fake(like: "name" | "email" | "text", hash: Buffer): string {
  const name = `${first[hash.readUInt8(0) % first.length] ?? ""} ${last[hash.readUInt8(1) % last.length] ?? ""}`;
  if (like === "name") return name;
  const tail = hash.toString("hex").slice(4, 16);
  return like === "email"
    ? `${name.toLowerCase().replace(" ", ".")}.${tail}@example.invalid`
    : `text ${tail}`;
}
