import { readFile } from "node:fs/promises";
import { OperatorError, type Secret } from "../../../infra/support";
import { secretSignature, type Properties } from "../deployment";
import { parseCheckpoint } from "./checkpoint";
import { usageError } from "./errors";
import { checkpointFile, placeOf, refuseForeignLayout } from "./location";
import { PassphraseSecrets } from "./passphrase";
import { isSecret, KnownCiphertexts, openSecrets } from "./secret-values";

/** What a stack reference asks for: the outputs with secrets wrapped, and which of them hold one. */
export interface StackOutputs {
  name: string;
  outputs: Properties;
  secretOutputNames: string[];
}

/** Reads the outputs of a stack by its name: `stack` or `organization/project/stack`. */
export async function readStackOutputs(
  from: { backendUrl: string; project: string; passphrase: Secret },
  name: string,
): Promise<StackOutputs> {
  const place = placeOf(from.backendUrl, from.project, name);
  refuseForeignLayout(place);
  const file = checkpointFile(place);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw unknownStack(name, place.folder);
    throw error;
  });
  const checkpoint = parseCheckpoint(text, file);
  const root = checkpoint.resources.find((state) => state.type === "pulumi:pulumi:Stack" && !state.parent);
  const stored = root?.outputs ?? {};
  const holdsSecrets = JSON.stringify(stored).includes(secretSignature);
  const cipher = holdsSecrets
    ? await new PassphraseSecrets(checkpoint.salt ?? "", from.passphrase, name).cipher()
    : undefined;
  const outputs = openSecrets(stored, "outputs", cipher, new KnownCiphertexts()) as Properties;
  const secretOutputNames = Object.keys(outputs).filter((key) => isSecret(outputs[key] ?? null));
  return { name, outputs, secretOutputNames };
}

function unknownStack(name: string, folder: string): OperatorError {
  return usageError(
    "stack-missing",
    `unknown stack ${name} in ${folder}`,
    "Bring that stack up first, or mend the name of the stack reference.",
  );
}
