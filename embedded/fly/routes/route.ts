import type { z } from "zod";
import { invalid } from "../refusal";
import type { World } from "../world/world";

/** A request as a route sees it. */
export interface Asked {
  world: World;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Headers;
  /** Undefined where there was none. */
  body: unknown;
  signal: AbortSignal;
}

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Route {
  method: string;
  /** With `{name}` for what varies. */
  path: string;
  /** What the rate limit counts, with the thing that it is done to. */
  action: string;
  /** The lease of the machine guards it. */
  guarded?: boolean;
  answer(asked: Asked): Answer | Promise<Answer>;
}

/** The body by its schema; refused with the first thing that is wrong with it. */
export function bodyOf<T>({ body }: Asked, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw invalid(`${first?.path.join(".") || "body"}: ${first?.message}`);
}

/** A part of the path that the route has. */
export function paramOf({ params }: Asked, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`the route has no ${name}`);
  return value;
}

export function isTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name) === "true" || query.get(name) === "1";
}
