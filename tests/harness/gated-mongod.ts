import { spawn } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../infra/drivers/processes";

/**
 * A mongod with a gate before its port, as one program: `gated-mongod <mongod> <control socket> <arguments>`. Over the
 * control socket a test waits for a message with certain words in it, which is held back, and decides what comes of it.
 */
const [program = "", control = "", ...given] = process.argv.slice(2);
const portAt = given.indexOf("--port") + 1;

let watched: string[] | undefined;
let tell: (word: string) => void = () => undefined;
let frozen = false;
const open = new Set<Socket>();
const held: (() => void)[] = [];

function strikes(message: Buffer): boolean {
  if (!watched?.every((word) => message.includes(word))) return false;
  watched = undefined;
  frozen = true;
  tell("struck");
  return true;
}

/** A server that starts is waited for: it looks for itself through the gate before it serves anybody. */
async function serve(client: Socket, port: number): Promise<void> {
  client.on("error", () => undefined);
  let server: Socket | undefined;
  while (!server && !client.destroyed) {
    server = await reached(port);
    if (!server) await sleep(50);
  }
  if (!server) return;
  join(client, server);
}

function reached(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const server = connect(port, "127.0.0.1", () => resolve(server));
    server.once("error", () => resolve(undefined));
  });
}

function join(client: Socket, server: Socket): void {
  for (const end of [client, server]) {
    open.add(end);
    end.on("error", () => undefined);
    end.once("close", () => {
      open.delete(end);
      client.destroy();
      server.destroy();
    });
  }
  const pass = (to: Socket) => (message: Buffer) => {
    if (to === server) strikes(message);
    if (frozen) held.push(() => to.write(message));
    else to.write(message);
  };
  client.on("data", pass(server));
  server.on("data", pass(client));
}

function thaw(): void {
  watched = undefined;
  frozen = false;
  for (const write of held.splice(0)) write();
}

async function main(): Promise<void> {
  const outer = Number(given[portAt]);
  const inner = await freePort();
  const mongod = spawn(program, given.with(portAt, String(inner)), { stdio: "inherit" });
  // However this program ends, the server ends with it.
  const watcher = spawn("/bin/sh", ["-c", 'read _; kill -9 "$0" 2>/dev/null', String(mongod.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watcher.stdin.on("error", () => undefined);
  mongod.once("exit", (code) => process.exit(code ?? 1));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => mongod.kill(signal));
  const gate = createServer((client) => void serve(client, inner));
  const listen = () => gate.listen(outer, "127.0.0.1");
  listen();
  const obey: Record<string, () => void> = {
    cut() {
      gate.close();
      held.length = 0;
      frozen = false;
      for (const socket of open) socket.destroy();
    },
    mend() {
      thaw();
      if (!gate.listening) listen();
    },
  };
  createServer((test) => {
    test.on("error", () => undefined);
    tell = (word) => void test.write(`${word}\n`);
    test.on("data", (data) => {
      const { words, order } = JSON.parse(String(data)) as { words?: string[]; order?: string };
      if (words) watched = words;
      if (order) obey[order]?.();
      test.write("done\n");
    });
  }).listen(control);
}

void main();
