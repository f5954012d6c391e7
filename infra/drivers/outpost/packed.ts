import { messageOf, OperatorError, Secret } from "../../support";
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
const classes = new Map<string, object>([[AggregateError.name, AggregateError.prototype]]);

export function knowError(known: { name: string; prototype: object }): void {
  classes.set(known.name, known.prototype);
}

/** A value as JSON carries it, functions and signals as handles. Secrets are in it in plain: it is never kept. */
export function pack(value: unknown, handles?: Handles): unknown {
  return packWithin(new Set(), value, handles);
}

/** What was thrown, or is the reason of an abort: it is told whatever it is. */
export function packThrown(thrown: unknown): unknown {
  return pack(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
}

/** Of a value and of what it is in, so that one that holds itself is found. */
function packWithin(around: Set<object>, value: unknown, handles?: Handles): unknown {
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
      return value === null ? null : packOnce(around, value, handles);
    default:
      return value;
  }
}

function packOnce(around: Set<object>, value: object, handles: Handles | undefined): unknown {
  if (around.has(value)) throw new Error("a value that holds itself does not go over to another machine");
  around.add(value);
  try {
    return packObject(value, handles, (inner) => packWithin(around, inner, handles));
  } finally {
    around.delete(value);
  }
}

type PackInner = (inner: unknown) => unknown;

function packObject(value: object, handles: Handles | undefined, inner: PackInner): unknown {
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Date) return { [mark]: "date", v: value.getTime() };
  if (value instanceof Secret) return { [mark]: "secret", v: value.reveal() };
  if (value instanceof Uint8Array) return { [mark]: "bytes", v: Buffer.from(value).toString("base64") };
  if (value instanceof RegExp) return { [mark]: "pattern", v: [value.source, value.flags] };
  if (value instanceof AbortSignal)
    return handles ? { [mark]: "signal", v: handles.giveSignal(value) } : { [mark]: "undefined" };
  if (value instanceof Map) return { [mark]: "map", v: inner([...value]) };
  if (value instanceof Set) return { [mark]: "set", v: inner([...value]) };
  if (value instanceof Error) return { [mark]: "error", v: packedError(value, inner) };
  const far = farDatabaseOf(value);
  if (far) return { [mark]: "database", v: pack(far) };
  if ("_bsontype" in value) return { [mark]: "bson", v: bson().stringify(value, { relaxed: false }) };
  const fields = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one)]));
  return mark in fields ? { [mark]: "object", v: fields } : fields;
}

/** As much of it as goes over: a failure is told even where something in it cannot be. */
function packedError(error: Error, inner: PackInner): PackedError {
  const names = [
    ...Object.keys(error),
    "name",
    "cause",
    ...(error instanceof AggregateError ? ["errors"] : []),
  ];
  const packed = [...new Set(names)].flatMap((name) => {
    try {
      const value = (error as unknown as Fields)[name];
      return value === undefined ? [] : [[name, inner(value)] as const];
    } catch {
      return [];
    }
  });
  const { cause, ...fields } = Object.fromEntries(packed);
  return { kind: kindOf(error), message: error.message, fields, ...(cause === undefined ? {} : { cause }) };
}

function kindOf(error: Error): string | undefined {
  const isKnown = error instanceof OperatorError || error instanceof AggregateError;
  return isKnown ? error.constructor.name : undefined;
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
      // JSON has no word for the time of a date that is none.
      return new Date((v as number | null) ?? NaN);
    case "secret":
      return new Secret(v as string);
    case "bytes":
      return Buffer.from(v as string, "base64");
    case "pattern":
      return new RegExp(...(v as [string, string]));
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
    case "database": {
      const opened = openFarDatabase(unpack(v, handles) as FarDatabase);
      // Whoever waits for it hears of a failure; where nobody does, it is nobody's.
      opened.catch(() => undefined);
      return opened;
    }
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
  kind: string | undefined;
  message: string;
  fields: Fields;
  cause?: unknown;
}

function unpackError({ kind, message, fields, cause }: PackedError, handles: Handles): Error {
  const error = new Error(message, cause === undefined ? {} : { cause: unpack(cause, handles) });
  if (kind !== undefined) Object.setPrototypeOf(error, classes.get(kind) ?? OperatorError.prototype);
  // Not assigned: a key may have a meaning of its own where it is set.
  for (const [name, value] of Object.entries(unpackFields(fields, handles)))
    Object.defineProperty(error, name, { value, writable: true, configurable: true, enumerable: true });
  return error;
}

function bson(): typeof import("mongodb").BSON.EJSON {
  return (require("mongodb") as typeof import("mongodb")).BSON.EJSON;
}
