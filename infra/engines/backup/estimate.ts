import { connect, type DatabaseAddress } from "../../drivers/mongo";

/** What an archive would hold, as the server's own counters say it; nothing is read. */
export async function estimateBackup(
  address: DatabaseAddress,
): Promise<{ collections: number; documents: number; bytes: number }> {
  const client = await connect(address, "backup");
  try {
    const { collections, objects, dataSize } = await client.db(address.name).stats();
    return { collections: Number(collections), documents: Number(objects), bytes: Number(dataSize) };
  } finally {
    await client.close();
  }
}
