import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import {
  connectionFailure,
  dialPrimary,
  keepConnections,
  sharedConnection,
  useStackKey,
  type DatabaseRole,
  type StackKey,
} from "../../infra/drivers/mongo";
import { carriedHere, carriedWork, openDatabasesBy, serveOutpost } from "../../infra/drivers/outpost";
import { messageOf } from "../../infra/support";
import { neighbours } from "../check/neighbours";
import { writtenFolders } from "./written-folders";

/** Nobody has asked for so long: whoever sent for it is gone. */
const idleMs = 60_000;

/** Works for runs elsewhere until none of them asks any more. */
export async function serve(socket: string): Promise<void> {
  outliveStrayFailures();
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  // Each makes known what it carries out.
  require("../../infra/engines/backup");
  require("../../infra/engines/migration");
  require("../../infra/engines/release");
  const { runGatesHere } =
    require("../../infra/engines/preflight") as typeof import("../../infra/engines/preflight");
  carriedHere("runGates", (wishes: Gates[0], _none: null, looks: Gates[2]) =>
    runGatesHere(wishes, neighbours(), looks),
  );
  keepConnections();
  openDatabasesBy(async ({ address, role, name }) =>
    (await sharedConnection(address as Address, role as DatabaseRole)).db(name),
  );
  await serveOutpost({ socket, offered: (name: string) => offers[name], dial: dialPrimary, idleMs });
  process.exit(0);
}

/** What the run that came last has told. */
const told: string[] = [];

/** A failure that nobody waits for is of one run: it ends no other one. */
function outliveStrayFailures(): void {
  const say = (error: unknown) =>
    process.stderr.write(`a failure that nobody waits for: ${messageOf(error)}\n`);
  process.on("unhandledRejection", say);
  process.on("uncaughtException", say);
}

type Gates = Parameters<typeof import("../../infra/engines/preflight").runGates>;

const offers: Record<string, (...args: never[]) => Promise<unknown>> = {
  hello: async ({ env, key }: { env: Record<string, string>; key: StackKey | undefined }) => {
    // Half of one run's keys and half of another's open nothing.
    for (const name of told.splice(0)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
    told.push(...Object.keys(env));
    Object.assign(process.env, env);
    if (key) useStackKey(key);
  },
  work: async (name: string, args: unknown[], folders: string[]) => {
    const work = carriedWork(name);
    if (!work) throw new Error(`an outpost does no ${name}`);
    // A database among them has to be opened first.
    const given = await writtenFolders(await Promise.all(args), folders);
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
  const { address, to, uri } = first as { address?: Address; to?: Address; uri?: string };
  return address ?? to ?? (uri === undefined ? unnamed : (first as Address));
}

/** One that was given open. */
const unnamed: Address = { uri: "the stack's cluster", name: "", credentials: "stack-key" };
