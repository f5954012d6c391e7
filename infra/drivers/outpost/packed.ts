import { OperatorError, Secret } from "../../support";
import { farDatabaseOf, openFarDatabase, type FarDatabase } from "./far-databases";

/** What becomes of values that are more than data. */
export interface Handles {
  giveFunction(given: (...args: unknown[]) => unknown): number;
  giveSignal(given: AbortSignal): number;
  takeFunction(handle: number): (...args: unknown[]) => Promise<unknown>;
  takeSignal(handle: number): AbortSignal;
}

type Fields = Record<string, unknown>;

/** Values that JSON does not know, each under this key with its kind. */
const mark = "$";

/** Classes whose instances are told apart on the other side too, by their names. */
const classes = new Map<string, object>();

export function knowError(known: { name: string; prototype: object }): void {
  classes.set(known.name, known.prototype);
}

/** A value as JSON carries it, functions and signals as handles. Secrets are in it in plain: it is never kept. */
export function pack(value: unknown, handles?: Handles): unknown {
  switch (typeof value) {
    case "undefined":
      return { [mark]: "undefined" };
    case "number":
      return Number.isFinite(value) ? value : { [mark]: "number", v: String(value) };
    case "bigint":
      return { [mark]: "bigint", v: String(value) };
    case "function":
      return handles
        ? { [mark]: "function", v: handles.giveFunction(value as never) }
        : { [mark]: "undefined" };
    case "object":
      return value === null ? null : packObject(value, handles);
    default:
      return value;
  }
}

function packObject(value: object, handles: Handles | undefined): unknown {
  if (Array.isArray(value)) return value.map((one) => pack(one, handles));
  if (value instanceof Date) return { [mark]: "date", v: value.getTime() };
  if (value instanceof Secret) return { [mark]: "secret", v: value.reveal() };
  if (value instanceof Uint8Array) return { [mark]: "bytes", v: Buffer.from(value).toString("base64") };
  if (value instanceof AbortSignal)
    return handles ? { [mark]: "signal", v: handles.giveSignal(value) } : { [mark]: "undefined" };
  if (value instanceof Map) return { [mark]: "map", v: pack([...value], handles) };
  if (value instanceof Set) return { [mark]: "set", v: pack([...value], handles) };
  if (value instanceof Error) return packError(value, handles);
  const far = farDatabaseOf(value);
  if (far) return { [mark]: "database", v: pack(far) };
  if ("_bsontype" in value) return { [mark]: "bson", v: bson().stringify(value, { relaxed: false }) };
  const fields = fieldsOf(value, handles);
  return mark in fields ? { [mark]: "object", v: fields } : fields;
}

function fieldsOf(value: object, handles: Handles | undefined): Fields {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one, handles)]));
}

function packError(error: Error, handles: Handles | undefined): unknown {
  const { message, cause } = error;
  const kind = error instanceof OperatorError ? error.constructor.name : undefined;
  const fields = fieldsOf({ ...error, name: error.name }, handles);
  return {
    [mark]: "error",
    v: { kind, message, fields, ...(cause === undefined ? {} : { cause: pack(cause) }) },
  };
}

/** The value that the other side has packed. */
export function unpack(packed: unknown, handles: Handles): unknown {
  if (typeof packed !== "object" || packed === null) return packed;
  if (Array.isArray(packed)) return packed.map((one) => unpack(one, handles));
  if (!(mark in packed)) return unpackFields(packed as Fields, handles);
  const { [mark]: kind, v } = packed as { [mark]: string; v: unknown };
  switch (kind) {
    case "undefined":
      return undefined;
    case "number":
      return Number(v);
    case "bigint":
      return BigInt(v as string);
    case "date":
      return new Date(v as number);
    case "secret":
      return new Secret(v as string);
    case "bytes":
      return Buffer.from(v as string, "base64");
    case "function":
      return handles.takeFunction(v as number);
    case "signal":
      return handles.takeSignal(v as number);
    case "map":
      return new Map(unpack(v, handles) as [unknown, unknown][]);
    case "set":
      return new Set(unpack(v, handles) as unknown[]);
    case "bson":
      return bson().parse(v as string, { relaxed: false });
    case "database":
      return openFarDatabase(unpack(v, handles) as FarDatabase);
    case "error":
      return unpackError(v as PackedError, handles);
    case "object":
      return unpackFields(v as Fields, handles);
    default:
      throw new Error(`an outpost knows no value of the kind ${kind}`);
  }
}

function unpackFields(packed: Fields, handles: Handles): Fields {
  return Object.fromEntries(Object.entries(packed).map(([key, one]) => [key, unpack(one, handles)]));
}

interface PackedError {
  kind?: string;
  message: string;
  fields: Fields;
  cause?: unknown;
}

function unpackError({ kind, message, fields, cause }: PackedError, handles: Handles): Error {
  const error = new Error(message, cause === undefined ? {} : { cause: unpack(cause, handles) });
  if (kind !== undefined) Object.setPrototypeOf(error, classes.get(kind) ?? OperatorError.prototype);
  return Object.assign(error, unpackFields(fields, handles));
}

function bson(): typeof import("mongodb").BSON.EJSON {
  return (require("mongodb") as typeof import("mongodb")).BSON.EJSON;
}
