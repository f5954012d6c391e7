import { resolveWantedImage } from "../../infra/engines/fly";
import type { Image } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";

/** Whether a registry still has an image; one that cannot be asked says nothing against it. */
export async function isImageKept({ name, digest }: Image): Promise<boolean> {
  const wanted = { image: `${name}@${digest}`, repository: name, commit: null };
  try {
    await resolveWantedImage(wanted);
    return true;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.code !== "image-missing";
  }
}
