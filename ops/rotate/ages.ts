import { stat } from "node:fs/promises";
import type { Db } from "mongodb";
import { localCredentialsFile } from "../../infra/drivers/mongo";
import type { CredentialAge } from "../../infra/engines/rounds";
import { localFolder } from "../../infra/support";
import { localStackName } from "../local-stack";
import { listRotations } from "./journal";
import { secretNames } from "./secret-names";

/** How old each secret is, as far as the rotations tell; of this computer's database the file that holds its logins. */
export async function knownAges(ops: Db, stack: string): Promise<CredentialAge[]> {
  const rotations = await listRotations(ops);
  const local = stack === localStackName;
  // A stack of this computer has no token, and needs no webhook.
  const wanted = local ? (["database"] as const) : secretNames;
  return Promise.all(
    wanted.map(async (secret) => {
      const last = rotations.findLast((one) => one.secret === secret || one.secret.startsWith(`${secret}:`));
      const since = last?.startedAt ?? (local ? await madeAt() : null);
      return { name: secret, since, rotate: `dnd ops rotate ${secret} --stack ${stack}` };
    }),
  );
}

async function madeAt(): Promise<Date | null> {
  const file = localCredentialsFile(localFolder("mongo"));
  return stat(file).then(
    ({ mtime }) => mtime,
    () => null,
  );
}
