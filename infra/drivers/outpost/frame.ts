import { z } from "zod";
import { jsonOf } from "../../support";

/** What one side tells the other. Calls, their ends and signals belong together by numbers of the one who began. */
export type Message =
  | { kind: "call"; id: number; name: string; args: unknown }
  | { kind: "use"; id: number; handle: number; args: unknown }
  | { kind: "done"; id: number; ok: boolean; value: unknown }
  | { kind: "abort"; handle: number; reason: unknown }
  | { kind: "open"; stream: number; uri: string }
  | { kind: "data"; stream: number; bytes: string }
  | { kind: "end"; stream: number; why?: string }
  | { kind: "part"; text: string; isLast: boolean };

const numbered = z.object({ seq: z.int(), message: z.custom<Message>() });

/** What goes over in one direction: messages by their numbers, and up to which one the other's were heard. */
const frameSchema = z.object({
  heard: z.int(),
  messages: z.array(numbered),
  /** There is more to say than fits in. */
  more: z.boolean(),
});

export type Frame = z.infer<typeof frameSchema>;

const requestSchema = frameSchema.extend({
  /** Of the process that asks: an outpost may serve several at once. */
  session: z.string(),
  /** Two editions may mean different things by the same words. */
  edition: z.string(),
  waitMs: z.int(),
});

export type Request = z.infer<typeof requestSchema>;

/** Understood by every edition. */
const refusalSchema = z.object({ refused: z.string(), edition: z.string() });
const answerSchema = z.union([refusalSchema, frameSchema]);

export type Answer = z.infer<typeof answerSchema>;

/** Undefined where it is of another edition, which may write in another way. */
export function parseRequest(text: string, edition: string): Request | undefined {
  const request = jsonOf(text);
  const isOfOurs = (request as { edition?: unknown } | undefined)?.edition === edition;
  return isOfOurs ? requestSchema.parse(request) : undefined;
}

/** Fails in words that show nothing of what was said. */
export function parseAnswer(text: string): Answer {
  const answer = answerSchema.safeParse(jsonOf(text));
  if (!answer.success) throw new Error(`its answer of ${text.length} characters is cut off or none of ours`);
  return answer.data;
}
