import { fail, note, ok, unknown, type Finding, type Gate } from "./gate";
import { plannedAt } from "./migrations-gate";
import type { Site } from "./site";
import type { PassedThere, PromotionWish } from "./wishes";

/** The gate that lets through only what has passed the stack before. */
export const promotionGateName = "promotion";

/** Image and pending migrations have ended well in the stack before, as they are. */
export const promotionGate: Gate = {
  name: promotionGateName,
  async look(site): Promise<Finding> {
    const { promotion, image } = site.wishes;
    if (!promotion) return ok("none is asked for");
    const { from, override, passed, newest } = promotion;
    if (override !== null)
      return note(`overridden: ${override}`, `Release to ${from} first, and this needs no override.`);
    if (!image) {
      const why = "the image is not known before it is built: what is built here has passed nowhere";
      return { ...unknown(why, `Name the digest that ${from} runs in app.image.`), strictly: true };
    }
    if (!passed)
      return fail(`${shown(image.digest)} has not passed ${from}: ${there(newest)}`, wayOf(promotion));
    const strange = await strangersAt(site, passed);
    const where = `${from} as its release ${passed.release}`;
    if (strange.length === 0) return ok(`${shown(image.digest)} has passed ${where}`);
    return fail(`migrations that have not passed ${where}: ${strange.join(", ")}`, wayOf(promotion));
  },
};

/** What waits here and was not in effect there, or was another file then. */
async function strangersAt(site: Site, { migrations }: PassedThere): Promise<string[]> {
  const { folder, skip } = site.wishes.migrations;
  if (skip) return [];
  const here = site.neighbours.checksumsOf(folder);
  const { pending } = await plannedAt(site);
  return pending.flatMap(({ version }) => {
    if (migrations[version] === undefined) return [version];
    return migrations[version] === here[version] ? [] : [`${version} (changed since)`];
  });
}

function there(newest: PassedThere | null): string {
  if (!newest) return "nothing has yet";
  return `the newest there is release ${newest.release}, ${newest.version} (${shown(newest.digest)})`;
}

function wayOf({ from }: PromotionWish): string {
  return `Release it there first: \`dnd up --stack ${from}\`. In an emergency: the same \`dnd up\` as now with \`--override-promotion REASON\`, which everybody is told of.`;
}

function shown(digest: string): string {
  return `${digest.slice(0, 19)}…`;
}
