import { readFile } from "node:fs/promises";
import { z } from "zod";
import { OperatorError, messageOf } from "../../support";

/** The content of a JSON file by its schema; undefined when there is no such file. */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): OperatorError {
  const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
  return new OperatorError({
    code: "file-unreadable",
    message: `${path} does not hold what it should: ${why}`,
    remedy: "Put back a copy of the file, or move it away where it can be made again.",
    cause,
  });
}
