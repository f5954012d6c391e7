import { connect, opsDatabaseName } from "../../infra/drivers/mongo";
import { maintenanceNow } from "../../infra/engines/maintenance";
import { newestDone, type Release } from "../../infra/engines/release";
import type { Db } from "mongodb";
import type { Settings } from "../../stacks/settings";
import { appUrl } from "../app-url";
import { chosenDatabase } from "../chosen-database";
import { localStackName } from "../local-stack";
import type { VerifyOptions } from "./index";

/** What is verified, and against what. */
export interface VerifyTarget {
  url: string;
  /** The address is the stack's own, and not one that was named. */
  ownApp: boolean;
  settings: Settings | undefined;
  database: Db | null;
  ops: Db | null;
  release: Release | null;
  close(): Promise<void>;
}

/** The app that was named, or the stack's; with its database where that is known. */
export async function openTarget(options: VerifyOptions): Promise<VerifyTarget> {
  const { url, uri, db, stack } = options;
  const nothingBut = url !== undefined && uri === undefined && db === undefined && stack === localStackName;
  if (nothingBut) return bare(url, undefined);
  const { address, settings } = await chosenDatabase(options);
  const at = url ?? (settings ? appUrl(stack, settings) : undefined);
  if (at === undefined) throw options.wrong("--uri wants --url beside it: it names no app");
  if (!address) return bare(at, settings);
  const client = await connect(address, "migration", { appName: "dnd-verify" });
  const ops = client.db(opsDatabaseName(address.name));
  try {
    const [release, { pass }] = await Promise.all([newestDone(ops), maintenanceNow(ops)]);
    // The stack's own app shows itself behind its maintenance page; an address that was named learns no pass.
    if (pass !== null && url === undefined) process.env.DND_MAINTENANCE_PASS = pass;
    return {
      url: at,
      ownApp: url === undefined,
      settings,
      database: client.db(address.name),
      ops,
      release,
      close: () => client.close(),
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

function bare(url: string, settings: Settings | undefined): VerifyTarget {
  const nobody = { ownApp: false, database: null, ops: null, release: null };
  return { ...nobody, url, settings, close: () => Promise.resolve() };
}
