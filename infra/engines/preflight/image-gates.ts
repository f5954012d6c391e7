import { fail, ok, unknown, warn, type Finding, type Gate } from "./gate";

/** The image is there, and named by what is in it. */
const image: Gate = {
  name: "image",
  onRollback: true,
  look({ wishes: { image: wanted, imageProblem } }): Finding {
    if (imageProblem !== null)
      return fail(imageProblem, "Push the image, or name one that is there in app.image.");
    if (!wanted) return unknown("not known before it is built", "`dnd up` looks again when it is pushed.");
    const named = `${wanted.name}:${wanted.version}`;
    if (/^sha256:[0-9a-f]{64}$/.test(wanted.digest)) return ok(`${named} is ${wanted.digest.slice(0, 19)}…`);
    return fail(
      `${named} is not pinned by its digest: what runs could change without a release`,
      "Name it with @sha256:…, or `commit` for the image of this commit.",
    );
  },
};

/** The image was not taken out of service before. */
const quarantine: Gate = {
  name: "quarantine",
  async look({ wishes, server, neighbours }): Promise<Finding> {
    if (!server || !wishes.image) return ok("nothing is known of this image");
    const { digest } = wishes.image;
    const entry = await server.ops.collection<Quarantined>("quarantine").findOne({ _id: digest });
    if (!entry) return ok("the image is not in it");
    const running = await neighbours.newestDone(server.ops);
    const since = `since ${entry.at.toISOString().slice(0, 16)}: ${entry.reason}`;
    const remedy = `Release a mended image; or let this one out with \`dnd rollback release-image ${digest}\`.`;
    if (running?.image.digest === digest) return warn(`the image that runs is in it ${since}`, remedy);
    return fail(`release ${entry.release} showed the image to be bad, ${since}`, remedy);
  },
};

interface Quarantined {
  _id: string;
  reason: string;
  at: Date;
  release: number;
}

export const imageGates: readonly Gate[] = [image, quarantine];
