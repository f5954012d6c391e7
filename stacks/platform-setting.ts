import { z } from "zod";

/** A stack that several share what it made: by its name in this project, or in full. */
export const platformSetting = z
  .string()
  .regex(/^(([\w.-]+\/[\w.-]+\/)?[\w.-]+)?$/, "a stack such as platform, or organization/project/stack")
  .transform((name) => name || undefined);

/** The output of the platform's stack that a setting asks for: `platform:OUTPUT`; undefined where it says its value itself. */
export function ofPlatform(value: string | undefined): string | undefined {
  return /^platform:([A-Za-z]\w*)$/.exec(value ?? "")?.[1];
}
