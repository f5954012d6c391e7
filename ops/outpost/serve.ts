import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { connectionFailure, dialPrimary, useStackKey, type StackKey } from "../../infra/drivers/mongo";
import { carriedWork, serveOutpost } from "../../infra/drivers/outpost";
import { writtenFolders } from "./written-folders";

/** Nobody has asked for so long: whoever sent for it is gone. */
const idleMs = 60_000;

/** Works for runs elsewhere until none of them asks any more. */
export async function serve(socket: string): Promise<void> {
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  // Each makes known what it carries out.
  require("../../infra/engines/backup");
  require("../../infra/engines/migration");
  await serveOutpost({ socket, offered: (name: string) => offers[name], dial: dialPrimary, idleMs });
  process.exit(0);
}

const offers: Record<string, (...args: never[]) => Promise<unknown>> = {
  hello: async ({ env, key }: { env: Record<string, string>; key: StackKey | undefined }) => {
    Object.assign(process.env, env);
    if (key) useStackKey(key);
  },
  work: async (name: string, args: unknown[], folders: string[]) => {
    const work = carriedWork(name);
    if (!work) throw new Error(`an outpost does no ${name}`);
    const given = await writtenFolders(args, folders);
    try {
      return await work(...(given as never[]));
    } catch (error) {
      throw connectionFailure(error, addressIn(args), "migration");
    }
  },
};

type Address = Parameters<typeof connectionFailure>[1];

/** The database that a work is about, for the words of a failure. */
function addressIn([first]: unknown[]): Address {
  const { address, to } = first as { address?: Address; to?: Address };
  return address ?? to ?? (first as Address);
}
