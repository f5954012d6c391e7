import { MongoClient } from "mongodb";
import { patienceFor } from "./patience";

const answerMs = 2000;

/** Opens a server by its port alone, whatever it thinks of its replica set. */
export async function openDirectly(
  port: number,
  login?: { user: string; password: string },
  timeoutMs = 5000,
): Promise<MongoClient> {
  const auth = login ? { auth: { username: login.user, password: login.password }, authSource: "admin" } : {};
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    appName: "dnd-local-server",
    ...auth,
  });
  try {
    return await client.connect();
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** True when a MongoDB answers there: a process that is stuck still lets one in and says nothing. */
export async function answers(port: number): Promise<boolean> {
  try {
    const client = await openDirectly(port, undefined, patienceFor(answerMs));
    await client.close();
    return true;
  } catch {
    return false;
  }
}
