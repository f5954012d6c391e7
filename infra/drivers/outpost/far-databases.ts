import type { FlyWay } from "./contract";

/** A database as an outpost opens it for itself. */
export interface FarDatabase {
  address: { through?: FlyWay };
  role: string;
  name: string;
}

/** As much of a database of the driver as tells which it is. */
interface Opened {
  client: object;
  databaseName: string;
}

const clients = new WeakMap<object, Omit<FarDatabase, "name">>();
let openDatabase: (at: FarDatabase) => Promise<unknown> = () =>
  Promise.reject(new Error("no outpost runs here"));

/** Makes known which address a client of the driver belongs to that an outpost connects. */
export function knowFarClient(client: object, at: Omit<FarDatabase, "name">): void {
  clients.set(client, at);
}

/** Undefined for a database that this process reaches itself, and for anything that is none. */
export function farDatabaseOf(value: unknown): FarDatabase | undefined {
  if (typeof value !== "object" || value === null || !("databaseName" in value)) return undefined;
  const { client, databaseName: name } = value as Opened;
  const at = clients.get(client);
  return at && { ...at, name };
}

/** Tells an outpost how it opens what it is given. */
export function openDatabasesBy(open: (at: FarDatabase) => Promise<unknown>): void {
  openDatabase = open;
}

export function openFarDatabase(at: FarDatabase): Promise<unknown> {
  return openDatabase(at);
}
