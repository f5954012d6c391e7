import { connect } from "node:tls";
import type { Figure } from "../figure";
import type { Probe } from "./probe";

const dayMs = 24 * 3_600_000;

/** Probes how long the certificate of a host is still good. */
export function certificateProbe(address: string): Probe {
  const { hostname: host, port } = new URL(address);
  const asked = { host: host.replace(/^\[|\]$/g, ""), port: Number(port || 443) };
  return {
    name: `certificate of ${host}`,
    look: async (at, signal) => [certificateFigure(host, await expiryOf(asked, signal), at)],
  };
}

/** The days until an expiry; below zero once it is past. */
export function certificateFigure(host: string, expires: Date, at: Date): Figure {
  return {
    name: "certificateDays",
    subject: host,
    value: (expires.getTime() - at.getTime()) / dayMs,
    at,
    note: `until ${expires.toISOString().slice(0, 10)}`,
  };
}

/** When the certificate ends; it is read even where it is not to be trusted, for one that has ended is not. */
function expiryOf({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<Date> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false }, () => {
      const { valid_to: until } = socket.getPeerCertificate();
      socket.destroy();
      const expires = new Date(until);
      if (Number.isNaN(expires.getTime())) reject(new Error(`${host} shows no certificate`));
      else resolve(expires);
    });
    const stop = () => socket.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", reject);
    socket.on("close", () => signal.removeEventListener("abort", stop));
  });
}
