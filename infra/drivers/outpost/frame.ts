import { z } from "zod";

/** What one side tells the other. Calls, their ends and signals belong together by numbers of the one who began. */
export type Message =
  | { kind: "call"; id: number; name: string; args: unknown }
  | { kind: "use"; id: number; handle: number; args: unknown }
  | { kind: "done"; id: number; ok: boolean; value: unknown }
  | { kind: "abort"; handle: number; reason: unknown }
  | { kind: "open"; stream: number; uri: string }
  | { kind: "data"; stream: number; bytes: string }
  | { kind: "end"; stream: number; why?: string };

const numbered = z.object({ seq: z.int(), message: z.custom<Message>() });

/** What goes over in one direction: messages by their numbers, and up to which one the other's were heard. */
const frameSchema = z.object({ heard: z.int(), messages: z.array(numbered) });

export type Frame = z.infer<typeof frameSchema>;

const requestSchema = frameSchema.extend({
  /** Of the process that asks: an outpost may serve several at once. */
  session: z.string(),
  /** Two editions may mean different things by the same words. */
  edition: z.string(),
  waitMs: z.int(),
});

export type Request = z.infer<typeof requestSchema>;

const answerSchema = z.union([frameSchema, z.object({ refused: z.string(), edition: z.string() })]);

export type Answer = z.infer<typeof answerSchema>;

export function parseRequest(text: string): Request {
  return requestSchema.parse(JSON.parse(text));
}

export function parseAnswer(text: string): Answer {
  return answerSchema.parse(JSON.parse(text));
}
