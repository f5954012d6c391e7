import { join } from "node:path";
import { atDatabase, type DatabaseAddress } from "../../infra/drivers/mongo";
import type { PreflightWishes } from "../../infra/engines/preflight";
import { newestRelease } from "../../infra/engines/release";
import {
  builtImageReference,
  checkoutCommit,
  messageOf,
  OperatorError,
  projectRoot,
} from "../../infra/support";
import { gatesWanted } from "../../stacks/gates-wanted";
import { promotionWanted } from "../../stacks/promotion-settings";
import type { Settings } from "../../stacks/settings";
import { chosenDatabase } from "../chosen-database";
import { localStackName } from "../local-stack";
import { settingsNamed } from "../stack-settings";
import { storeOf } from "../stack-store";
import { promotionOf } from "./promotion";

/** A stack, and where its settings stand in another file than its own. */
interface StackNamed {
  stack: string;
  configFile?: string;
}

const named = ({ stack, configFile }: StackNamed): StackNamed => ({
  stack,
  ...(configFile !== undefined && { configFile }),
});

/** What the next release of a stack would be, for its gates to look at. */
export async function wishesOf(of: StackNamed, strict: boolean): Promise<PreflightWishes> {
  const { stack } = of;
  const settings = await settingsNamed(of);
  const { folder, requireDown, skipMigrations: skip, schema, ...wanted } = gatesWanted(settings);
  const [{ address, addressProblem }, { image, imageProblem }, store] = await Promise.all([
    lookForDatabase(of),
    lookForImage(stack, settings),
    lookForStore(stack, settings),
  ]);
  const promotion = promotionWanted(settings);
  return {
    ...wanted,
    promotion: promotion && (await promotionOf(promotion, image?.digest ?? null)),
    backup: wanted.backup && { ...wanted.backup, store },
    strict: strict || wanted.strict,
    environment: settings.environment,
    direction: "forward",
    ...{ address, addressProblem, image, imageProblem },
    release: address ? await nextNumber(address) : null,
    commit: commitOf(stack),
    migrations: { folder: join(projectRoot, folder), requireDown, skip, schema },
  };
}

/** As the program of the stack does: on this machine what lies here is released, committed or not. */
export function commitOf(stack: string): string | null {
  return stack === localStackName ? (process.env.GIT_SHA ?? null) : checkoutCommit();
}

async function lookForDatabase(of: StackNamed): Promise<Pick<PreflightWishes, "address" | "addressProblem">> {
  try {
    const { address } = await chosenDatabase({ ...named(of), json: false, yes: false });
    return { address, addressProblem: null };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const { message, remedy } = error;
    return { address: null, addressProblem: { message: message.split("\n")[0] ?? "", remedy } };
  }
}

/** Null too where the stack's state cannot be asked from here. */
async function lookForStore(stack: string, settings: Settings): Promise<string | null> {
  try {
    return await storeOf(stack, settings);
  } catch (error) {
    if (error instanceof OperatorError) return null;
    throw error;
  }
}

async function lookForImage(
  stack: string,
  { app }: Settings,
): Promise<Pick<PreflightWishes, "image" | "imageProblem">> {
  try {
    return { image: await imageWanted(stack, app), imageProblem: null };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { image: null, imageProblem: messageOf(error).split("\n")[0] ?? "" };
  }
}

async function imageWanted(stack: string, app: Settings["app"]): Promise<PreflightWishes["image"]> {
  if (stack === localStackName) {
    const { imageOf } =
      require("../../infra/engines/machines") as typeof import("../../infra/engines/machines");
    return imageOf({ name: app.name, version: app.version });
  }
  const { resolveWantedImage } =
    require("../../infra/engines/fly") as typeof import("../../infra/engines/fly");
  const repository = app.repository ?? `registry.fly.io/${app.name}`;
  const wanted = { repository, commit: checkoutCommit() };
  if (!app.build) return resolveWantedImage({ ...wanted, image: app.image });
  const image = builtImageReference({ ...app.build, repository });
  return resolveWantedImage({ ...wanted, image }).catch(notPushedYet);
}

/** The next `up` builds it; one that was refused for want of approvals has left it in the registry. */
function notPushedYet(error: unknown): null {
  if (error instanceof OperatorError && error.code === "image-missing") return null;
  throw error;
}

/** Null where the journal cannot be asked; the gate of the database tells why. */
async function nextNumber(address: DatabaseAddress): Promise<number | null> {
  try {
    const newest = await atDatabase(address, "migration", { appName: "dnd-check" }, ({ ops }) =>
      newestRelease(ops),
    );
    return (newest?._id ?? 0) + 1;
  } catch (error) {
    if (error instanceof OperatorError) return null;
    throw error;
  }
}
