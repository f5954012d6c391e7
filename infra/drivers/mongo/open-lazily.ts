import { MongoClient } from "mongodb";
import { connectionString } from "./connection-string";
import type { DatabaseAddress, DatabaseRole } from "./contract";
import { dialled } from "./dialled";
import { uriInvalid } from "./errors";

export interface LazyOptions {
  /** Shows in the server's log. */
  appName: string;
  /** How long a question waits for a server that is away; 1.5 seconds unless told. */
  patienceMs?: number;
  /** Connections at most; five unless told. */
  poolSize?: number;
}

/** A connection for whoever runs for long: made when it is first used, and again whenever the server comes back. */
export async function openLazily(
  address: DatabaseAddress,
  role: DatabaseRole,
  { appName, patienceMs = 1500, poolSize = 5 }: LazyOptions,
): Promise<MongoClient> {
  const uri = await dialled((await connectionString(address, role)).reveal(), address);
  try {
    return new MongoClient(uri, {
      appName,
      serverSelectionTimeoutMS: patienceMs,
      connectTimeoutMS: patienceMs,
      // One that hangs in a silent network must end too.
      socketTimeoutMS: 20_000,
      heartbeatFrequencyMS: 5000,
      maxPoolSize: poolSize,
    });
  } catch (error) {
    throw uriInvalid(error, address);
  }
}
