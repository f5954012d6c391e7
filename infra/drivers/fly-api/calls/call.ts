import { z } from "zod";
import { FlyNotFound } from "../errors";

/** Any answer will do: that there was one is all. */
export const doneSchema = z.unknown();

/** A path of these segments, each safe to stand in one. */
export function pathOf(...segments: string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
}

/** The value, or undefined for what is not there. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof FlyNotFound) return undefined;
    throw error;
  }
}
