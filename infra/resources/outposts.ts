import { flyClient } from "./fly-client";

/** Makes known to this process that a machine of the app at Fly goes to the database, of this image where one is known. */
export function useFlyOutposts(image?: () => Promise<string | undefined>): void {
  const { useOutposts } = require("../drivers/outpost") as typeof import("../drivers/outpost");
  useOutposts((way) => {
    const { outpostsAt } = require("../engines/fly") as typeof import("../engines/fly");
    return outpostsAt({ api: flyClient(), image })(way);
  });
}
