import { OperatorError } from "../support";
import { flyClient } from "./fly-client";

/** Makes known to this process that a machine of the app at Fly goes to the database, of this image where one is known. */
export function useFlyOutposts(image?: () => Promise<string | undefined>): void {
  const { useOutposts } = require("../drivers/outpost") as typeof import("../drivers/outpost");
  useOutposts((way) => {
    const { outpostsAt } = require("../engines/fly") as typeof import("../engines/fly");
    return outpostsAt({ api: flyClient(), image })(way);
  });
}

const ofNoApp = new Set(["outpost-no-image", "fly-not-found"]);
const ofAnotherImage = new Set(["outpost-unable", "outpost-other-edition"]);

/** Whether nobody could be sent because the app has no machine yet. */
export function hasNoApp(error: unknown): boolean {
  return error instanceof OperatorError && ofNoApp.has(error.code);
}

/** Whether who was sent is of an image that can do nothing for this edition. */
export function isAnotherImage(error: unknown): boolean {
  return error instanceof OperatorError && ofAnotherImage.has(error.code);
}
