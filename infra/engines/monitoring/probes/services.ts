import { connect as tcp, type Socket } from "node:net";
import { connect as tls } from "node:tls";
import { smallRequest } from "../../../support";
import type { Figure } from "../figure";
import type { Probe } from "./probe";

/** A service that the app needs and that somebody else runs. */
export type ServiceWish = { name: string; timeoutMs?: number | undefined } & (
  | { kind: "redis"; url: string; password?: string | undefined }
  | { kind: "s3"; url: string }
  | { kind: "fly"; url: string }
  | {
      kind: "url";
      url: string;
      /** The statuses that are well; below 400 unless given. */
      status?: readonly number[] | undefined;
      /** What the answer must contain. */
      contains?: string | undefined;
    }
);

/** Probes one service: its figure says down or not, and why. */
export function serviceProbe(wish: ServiceWish): Probe {
  return {
    name: wish.name,
    deadlineMs: wish.timeoutMs ?? 5000,
    look: async (at, signal) => {
      const why = await whyDown(wish, signal);
      return [verdict(wish, at, why)];
    },
    lost: (why, at) => [verdict(wish, at, why)],
  };
}

function verdict({ name }: ServiceWish, at: Date, why: string | undefined): Figure {
  const figure = { name: "serviceDown" as const, subject: name, value: why === undefined ? 0 : 1, at };
  return why === undefined ? figure : { ...figure, note: why };
}

function whyDown(wish: ServiceWish, signal: AbortSignal): Promise<string | undefined> {
  if (wish.kind === "redis") return whyRedisDown(wish, signal);
  return whyAnswerWrong(wish, signal);
}

async function whyAnswerWrong(
  wish: Exclude<ServiceWish, { kind: "redis" }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const contains = wish.kind === "url" ? wish.contains : undefined;
  const { status, text } = await smallRequest(wish.url, {
    method: wish.kind === "s3" ? "HEAD" : "GET",
    headers: { "user-agent": "dnd-monitor" },
    signal,
    readAtMost: contains === undefined ? 0 : mostBytes,
  });
  return (
    whyStatusWrong(wish, status) ??
    (contains === undefined || text.includes(contains)
      ? undefined
      : `the answer does not contain ${JSON.stringify(contains)}`)
  );
}

/** Whether a status says that the service lives: one that asks for a login does. */
export function whyStatusWrong(wish: ServiceWish, status: number): string | undefined {
  const well =
    wish.kind === "url"
      ? (wish.status?.includes(status) ?? status < 400)
      : status < 500 && status !== 404 && status !== 429;
  return well ? undefined : `it answered ${status}`;
}

const mostBytes = 1_000_000;

/** Redis answers a PING with +PONG, or asks for a login first. */
async function whyRedisDown(
  wish: ServiceWish & { kind: "redis" },
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = new URL(wish.url);
  const password = wish.password ?? decodeURIComponent(url.password);
  const login = password === "" ? [] : [command("AUTH", ...nameOf(url), password)];
  const lines = await talk(url, [...login, command("PING")].join(""), login.length + 1, signal);
  const answer = lines.at(-1) ?? "";
  if (answer === "+PONG") return undefined;
  // What it says of a login tells nothing of whether it is well, but that it lives.
  if (password === "" && answer.startsWith("-NOAUTH")) return undefined;
  return `it answered ${answer.slice(0, 100)}`;
}

function nameOf({ username }: URL): string[] {
  return username === "" ? [] : [decodeURIComponent(username)];
}

/** A command as Redis reads it, whatever stands in its words. */
function command(...words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join("")}`;
}

/** Sends and reads so many lines. */
function talk(url: URL, text: string, lines: number, signal: AbortSignal): Promise<string[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || 6379);
  return new Promise((resolve, reject) => {
    const socket: Socket =
      url.protocol === "rediss:" ? tls({ host, port, servername: host }) : tcp({ host, port });
    const stop = () => socket.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    let received = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      received += chunk;
      const whole = received.split("\r\n").slice(0, -1);
      if (whole.length < lines && received.length < 10_000) return;
      resolve(whole.slice(0, lines));
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => {
      signal.removeEventListener("abort", stop);
      reject(new Error("it closed the connection"));
    });
    socket.write(text);
  });
}
