import { createHash, randomBytes } from "node:crypto";
import type { MachineEnv, MachineSpec, MachineView } from "../../drivers/processes";
import { Secret } from "../../support";
import type { AppImage } from "./image";
import type { StoredImage } from "./image-store";

/** A machine's environment as a caller gives it: what is secret says so. */
export type WantedEnv = Record<string, string | Secret>;

/** Tells one environment from another without telling what is in it. */
export function fingerprintOf(env: WantedEnv): string {
  const names = Object.keys(env).sort();
  return createHash("sha256")
    .update(JSON.stringify(names.map((name) => [name, revealed(env[name])])))
    .digest("hex");
}

/** True when a machine is of this image and has this environment. */
export function isAsWanted(machine: MachineView, image: AppImage, env: WantedEnv): boolean {
  const { digest, fingerprint } = machine.spec.metadata;
  return digest === image.digest && fingerprint === fingerprintOf(env);
}

/** A machine to be: its name is new, what it runs and with what is the image and the caller's environment. */
export function newMachine(
  app: string,
  image: AppImage,
  stored: StoredImage,
  env: WantedEnv,
): { spec: MachineSpec; env: MachineEnv } {
  return {
    spec: {
      id: `${app}-${randomBytes(3).toString("hex")}`,
      group: app,
      metadata: { version: image.version, digest: image.digest, fingerprint: fingerprintOf(env) },
      command: stored.command,
      cwd: stored.folder,
      port: null,
      check: { path: "/health", intervalMs: 1000, timeoutMs: 2000, failures: 3 },
      restart: { policy: "always", maxRetries: 10, firstDelayMs: 500, maxDelayMs: 30_000, provenOnly: true },
      stop: { signal: "SIGTERM", timeoutMs: 10_000 },
      drainMs: 10_000,
      autostop: null,
    },
    env: {
      NODE_ENV: "production",
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, revealed(value)])),
      APP_VERSION: image.version,
      IMAGE_DIGEST: image.digest,
    },
  };
}

/** Text in which nothing secret of the environment can be read. */
export function withoutSecretsOf(env: WantedEnv, text: string): string {
  return Object.values(env).reduce<string>(
    (clean, value) =>
      value instanceof Secret && value.reveal() !== "" ? clean.replaceAll(value.reveal(), "[secret]") : clean,
    text,
  );
}

function revealed(value: string | Secret | undefined): string {
  return value instanceof Secret ? value.reveal() : (value ?? "");
}
