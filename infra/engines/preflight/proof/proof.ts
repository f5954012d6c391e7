import { z } from "zod";

const command = z.object({
  name: z.string(),
  /** "unasked": it could not be asked, which is neither good nor bad. */
  outcome: z.enum(["passed", "failed", "unasked"]),
  durationMs: z.number(),
  detail: z.string(),
});

/** What was proved of a commit, by whom; documents of a newer form are not read. */
export const proofSchema = z.object({
  documentVersion: z.literal(1),
  commit: z.string(),
  /** "skipped": somebody took the proof upon themselves. */
  kind: z.enum(["passed", "failed", "skipped"]),
  at: z.iso.datetime(),
  by: z.string(),
  host: z.string(),
  commands: z.array(command),
  reason: z.string().nullable(),
  /** Of an SSH key, under all the rest; null where nobody signed. */
  signature: z.string().nullable(),
});

export type Proof = z.infer<typeof proofSchema>;
export type ProvenCommand = z.infer<typeof command>;

/** The namespace of signatures under proofs. */
export const proofNamespace = "dnd-proof";

/** The text under which a signature stands: the schema's order of fields is everybody's. */
export function proofText(proof: Proof): string {
  const { signature: _signature, ...rest } = proofSchema.parse(proof);
  return `${JSON.stringify(rest)}\n`;
}
