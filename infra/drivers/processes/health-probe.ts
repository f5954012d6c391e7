import { request } from "node:http";

export interface ProbeAnswer {
  ok: boolean;
  /** Whether there was an answer at all, good or bad. */
  heard: boolean;
  /** At most its first 10 kB. */
  body: string;
  /** Status and the beginning of the body, or why there was no answer. */
  output: string;
}

/** Asks a port of this machine once; never throws. A connection of its own, so that it tells of the process and not of a pool. */
export function probe(port: number, path: string, timeoutMs: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const failed = (reason: string) => resolve({ ok: false, heard: false, body: "", output: reason });
    const asked = request({ host: "127.0.0.1", port, path, agent: false, timeout: timeoutMs }, (response) => {
      const status = response.statusCode ?? 0;
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (body = (body + part).slice(0, 10_000)));
      response.once("error", (error) => failed(error.message));
      response.once("end", () =>
        resolve({
          ok: status >= 200 && status < 300,
          heard: true,
          body,
          output: `${status} ${body.slice(0, 300)}`.trim(),
        }),
      );
    });
    const deadline = setTimeout(() => asked.destroy(new Error(`no answer in ${timeoutMs}ms`)), timeoutMs);
    asked.once("close", () => clearTimeout(deadline));
    asked.once("error", (error) => failed(error.message || "no answer"));
    asked.end();
  });
}
