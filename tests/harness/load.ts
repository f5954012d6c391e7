import { Agent, get } from "node:http";

export interface LoadReport {
  sent: number;
  /** Over the whole time, however short it was. */
  perSecond: number;
  /** What went wrong, by its text, with how often. */
  failures: Record<string, number>;
}

/** A request that is lost is told from one that is slow, however loaded the machine is. */
const lostAfterMs = 60_000;

/** Asks addresses in turn at a steady rate until stopped; anything but a 2xx answer is a failure. */
export function startLoad(urls: string | string[], perSecond: number): { stop(): Promise<LoadReport> } {
  const turns = [urls].flat();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const failures: Record<string, number> = {};
  const open = new Set<Promise<void>>();
  let sent = 0;
  const fail = (why: string) => (failures[why] = (failures[why] ?? 0) + 1);
  const ask = () =>
    new Promise<void>((resolve) => {
      const url = turns[sent++ % turns.length] ?? "";
      const request = get(url, { agent, timeout: lostAfterMs }, (response) => {
        response.resume();
        response.once("end", () => {
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 299) fail(`status ${status}`);
          resolve();
        });
        response.once("error", (error) => resolve(void fail(error.message)));
      });
      request.once("timeout", () => request.destroy(new Error(`no answer in ${lostAfterMs / 1000}s`)));
      request.once("error", (error) => resolve(void fail(error.message)));
    });
  const started = Date.now();
  const timer = setInterval(() => {
    const due = Math.floor(((Date.now() - started) / 1000) * perSecond);
    while (sent < due) {
      const one = ask().finally(() => open.delete(one));
      open.add(one);
    }
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      const perSecond = sent / ((Date.now() - started) / 1000);
      await Promise.all(open);
      agent.destroy();
      return { sent, perSecond, failures };
    },
  };
}
