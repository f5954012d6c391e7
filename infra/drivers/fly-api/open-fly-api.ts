import { systemClock, type Clock, type Secret } from "../../support";
import { addressCalls } from "./calls/addresses";
import { appCalls } from "./calls/apps";
import { certificateCalls } from "./calls/certificates";
import { leaseCalls } from "./calls/leases";
import { logCalls } from "./calls/logs";
import { machineCalls } from "./calls/machines";
import { platformCalls } from "./calls/platform";
import { releaseCalls } from "./calls/releases";
import { secretCalls } from "./calls/secrets";
import { volumeCalls } from "./calls/volumes";
import type { FlyApi } from "./contract";
import { RateLimiter } from "./limiter";
import { sendThrough, type Connection } from "./request";

export interface FlyApiOptions {
  token: Secret;
  /** Scheme, host and port; Fly's own unless told otherwise. */
  baseUrl?: string;
  /** Where logs and releases are kept; Fly's own place for them where the API is Fly's own, else beside the API. */
  platformUrl?: string;
  clock?: Clock;
  fetch?: Connection["fetch"];
  /** So many times a repeatable call is tried; 5 unless told otherwise. */
  attempts?: number;
}

/** The API of one organization's token. Everyone who shares the client shares its turns at the rate limits. */
export function openFlyApi(options: FlyApiOptions): FlyApi {
  const clock = options.clock ?? systemClock;
  const send = sendThrough({
    baseUrl: withoutSlash(options.baseUrl ?? "https://api.machines.dev"),
    // A token for another place than Fly must not go to Fly.
    platformUrl: withoutSlash(options.platformUrl ?? options.baseUrl ?? "https://api.fly.io"),
    token: options.token,
    clock,
    limiter: new RateLimiter(clock),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    attempts: options.attempts ?? 5,
    userAgent: "dnd-tracker-deploy",
  });
  return {
    apps: appCalls(send),
    machines: machineCalls(send),
    leases: leaseCalls(send),
    logs: logCalls(send),
    releases: releaseCalls(send),
    volumes: volumeCalls(send),
    secrets: secretCalls(send),
    addresses: addressCalls(send),
    certificates: certificateCalls(send),
    platform: platformCalls(send),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
