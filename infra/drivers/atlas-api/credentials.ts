import { OperatorError, Secret } from "../../support";

/** Who calls: a service account, or a pair of API keys. */
export type AtlasCredentials =
  | { kind: "service-account"; clientId: string; clientSecret: Secret }
  | { kind: "keys"; publicKey: string; privateKey: Secret };

/** The credentials that Pulumi's Atlas provider takes from the environment too, in the same order of preference. */
export function atlasCredentials(environment: NodeJS.ProcessEnv): AtlasCredentials {
  const { MONGODB_ATLAS_CLIENT_ID: clientId, MONGODB_ATLAS_CLIENT_SECRET: clientSecret } = environment;
  if (clientId && clientSecret)
    return { kind: "service-account", clientId, clientSecret: new Secret(clientSecret) };

  const publicKey = environment.MONGODB_ATLAS_PUBLIC_API_KEY || environment.MONGODB_ATLAS_PUBLIC_KEY;
  const privateKey = environment.MONGODB_ATLAS_PRIVATE_API_KEY || environment.MONGODB_ATLAS_PRIVATE_KEY;
  if (publicKey && privateKey) return { kind: "keys", publicKey, privateKey: new Secret(privateKey) };

  throw new OperatorError({
    code: "atlas-credentials-missing",
    message: "there are no credentials for MongoDB Atlas in the environment",
    remedy:
      "Set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET of a service account, or MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY of an API key.",
    kind: "usage",
  });
}
