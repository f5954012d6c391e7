import { readFileSync } from "node:fs";
import { join } from "node:path";
import { typeOf, type Description, type Operation, type Type } from "./model";

/** The description in the project's own words. */
export function ownTable(): Description {
  const types = new Map<string, Map<string, Type>>();
  const operations: Operation[] = [];
  let fields = new Map<string, Type>();
  for (const line of readFileSync(join(__dirname, "fly-api.txt"), "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("type ")) types.set(line.slice("type ".length), (fields = new Map()));
    else if (line.startsWith("  ")) addFields(fields, line);
    else operations.push(operationOf(line));
  }
  return { types, operations };
}

function addFields(fields: Map<string, Type>, line: string): void {
  const [type = "", names = ""] = line.trim().split(": ");
  for (const name of names.split(", ")) fields.set(name, typeOf(type));
}

/** "POST /apps CreateAppRequest -> 201". */
function operationOf(line: string): Operation {
  const [asked = "", given = ""] = line.split(" -> ");
  const [method = "", path = "", ...rest] = asked.split(" ");
  const asks = rest.find((word) => !word.startsWith("?"));
  const answers = given.split(", ").map((one): [number, Type | undefined] => {
    const [status, type] = one.split(" ");
    return [Number(status), type === undefined ? undefined : typeOf(type)];
  });
  return {
    method,
    path: path.replace(/\{\w+\}/g, "{}"),
    query: new Set(rest.filter((word) => word.startsWith("?")).map((word) => word.slice(1))),
    asks: asks === undefined ? undefined : typeOf(asks),
    gives: new Map(answers),
  };
}
