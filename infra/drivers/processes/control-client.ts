import { request } from "node:http";
import { z } from "zod";
import { OperatorError } from "../../support";
import { hostViewSchema, type HostView, type MachineEnv, type MachineSpec, type Route } from "./contract";
import { controlSocket, readToken, refuseForeignSocket } from "./control-address";
import { daemonRefused, NoDaemonError } from "./errors";

const quickMs = 5000;
const graceMs = 10_000;
const problemSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

/** Speaks to the daemon of a folder; every call opens a connection of its own, so a daemon may come and go. */
export class ControlClient {
  constructor(readonly folder: string) {}

  async view(): Promise<HostView> {
    return hostViewSchema.parse(await this.call("view", "", {}, quickMs));
  }

  /** Writes a machine down without starting it; the same again is fine. */
  async create(spec: MachineSpec, env: MachineEnv, cordoned: boolean): Promise<void> {
    await this.call("create", "", { spec, env, cordoned }, quickMs);
  }

  async start(id: string): Promise<void> {
    await this.call("start", id, {}, quickMs);
  }

  async cordon(id: string, cordoned: boolean): Promise<void> {
    await this.call(cordoned ? "cordon" : "uncordon", id, {}, quickMs);
  }

  /** True when no request is in flight to it any more, and none will be. */
  async drain(spec: MachineSpec): Promise<boolean> {
    const answer = await this.call("drain", spec.id, {}, spec.drainMs + graceMs);
    return z.object({ idle: z.boolean() }).parse(answer).idle;
  }

  async stop(spec: MachineSpec): Promise<void> {
    await this.call("stop", spec.id, {}, spec.drainMs + spec.stop.timeoutMs + graceMs);
  }

  /** Stops it gracefully and forgets it; one that is not there is fine. */
  async remove(spec: MachineSpec): Promise<void> {
    await this.call("remove", spec.id, {}, spec.drainMs + spec.stop.timeoutMs + graceMs);
  }

  /** Opens the address of a group, or moves it there. */
  async open(route: Route): Promise<void> {
    await this.call("open", "", route, quickMs + graceMs);
  }

  async close(group: string): Promise<void> {
    await this.call("close", group, {}, quickMs + graceMs);
  }

  /** Ends the daemon, with its machines or without. */
  async shutdown(machines: "stop" | "leave", timeoutMs: number): Promise<void> {
    await this.call("shutdown", "", { machines }, timeoutMs);
  }

  private async call(verb: string, id: string, body: object, timeoutMs: number): Promise<unknown> {
    refuseForeignSocket(this.folder);
    const text = JSON.stringify(body);
    const token = readToken(this.folder);
    if (token === undefined) throw new NoDaemonError();
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          socketPath: controlSocket(this.folder),
          path: `/${verb}/${encodeURIComponent(id)}`,
          method: "POST",
          agent: false,
          headers: { authorization: `Bearer ${token}`, "content-length": Buffer.byteLength(text) },
        },
        (response) => {
          let answer = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => (answer += part));
          response.once("error", reject);
          response.once("end", () => {
            try {
              resolve(understand(response.statusCode ?? 0, JSON.parse(answer)));
            } catch (error) {
              reject(error as Error);
            }
          });
        },
      );
      const late = setTimeout(
        () => asked.destroy(new Error(`the daemon did not answer ${verb} in ${timeoutMs}ms`)),
        timeoutMs,
      );
      asked.once("close", () => clearTimeout(late));
      asked.once("error", (error: NodeJS.ErrnoException) =>
        reject(isGone(error) ? new NoDaemonError(error) : error),
      );
      asked.end(text);
    });
  }
}

/** No socket, nobody behind it, or somebody who ended in the middle of the answer. */
function isGone(error: NodeJS.ErrnoException): boolean {
  return ["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(String(error.code));
}

function understand(status: number, answer: unknown): unknown {
  if (status === 200) return answer;
  const { code, message, remedy } = problemSchema.parse(answer);
  if (status === 401) throw daemonRefused(new Error(message));
  throw new OperatorError({ code, message, remedy });
}
