import { OperatorError } from "../infra/support";
import type { Settings } from "../stacks/settings";
import { storeAddress } from "../stacks/store-address";
import { settingsNamed } from "./stack-settings";

/** The settings of a stack, or of a file in their place, with the store that its archives really go to. */
export async function settingsWithStore(stack: string, configFile?: string): Promise<Settings> {
  const settings = await settingsNamed({ stack, configFile });
  const store = await storeOf(stack, settings);
  if (store !== null) return { ...settings, backup: { ...settings.backup, store } };
  throw new OperatorError({
    code: "stack-store-unknown",
    kind: "refused",
    message: `the bucket for the archives of the stack ${stack} is not made yet`,
    remedy: `\`dnd up --stack ${stack}\` makes it; or name a store with --store.`,
  });
}

/** The store of a stack; null where it is a bucket that its first `up` has yet to make. */
export async function storeOf(stack: string, settings: Settings): Promise<string | null> {
  const known = storeAddress(settings);
  if (known !== undefined) return known;
  try {
    return await madeBucket(stack);
  } catch (error) {
    // Whoever names the database, as the guides' scripts do, may know nothing of the stack's state.
    if (error instanceof OperatorError && process.env.MONGODB_URI) return settings.backup.store;
    throw error;
  }
}

/** A bucket with its usual name bears the number of the account, which the stack knows that made it. */
async function madeBucket(stack: string): Promise<string | null> {
  const { chooseEngine } = require("./engine") as typeof import("./engine");
  const { resolvePlace } = require("./stack-place") as typeof import("./stack-place");
  const { engine } = await chooseEngine("auto");
  try {
    const outputs = await engine.outputs(await resolvePlace({ stack }), { showSecrets: false });
    return typeof outputs.backupStore === "string" ? outputs.backupStore : null;
  } catch (error) {
    if (error instanceof OperatorError && isNotMade(error)) return null;
    throw error;
  }
}

function isNotMade({ code, message }: OperatorError): boolean {
  return code === "stack-missing" || /no stack named/.test(message);
}
