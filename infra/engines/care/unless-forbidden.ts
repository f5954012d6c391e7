import { MongoServerError } from "mongodb";

// 13: not authorized; 8000 is what Atlas says instead; 59 and 40324: this server has no such command or stage.
const forbidden = new Set<unknown>([13, 8000, 59, 40324, 115, 224]);

/** The answer; undefined where this user may not ask, or this server cannot tell. */
export async function unlessForbidden<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof MongoServerError && forbidden.has(error.code)) return undefined;
    throw error;
  }
}
