import { setTimeout as sleep } from "node:timers/promises";
import { imageOf } from "../../../../infra/engines/machines";
import { Secret } from "../../../../infra/support";
import { startLoad } from "../../../harness/load";
import { Fleet } from "./fleet";

let fleet: Fleet;
const env = {
  MONGODB_URI: new Secret(process.env.TEST_MONGODB_URI ?? ""),
  MONGODB_DB_NAME: "machines-real-app",
};
const image = (version: string) => imageOf({ name: "tracker", version });
beforeAll(async () => {
  fleet = await Fleet.open();
  await fleet.ensure(await image("1.0.0"), { env });
});
afterAll(() => fleet.close());

/** Makes parties one after the other: requests that nobody may repeat. */
function startWriting(): { stop(): Promise<{ made: number; failures: string[] }> } {
  let going = true;
  const failures: string[] = [];
  let made = 0;
  const write = async () => {
    for (; going; made++) {
      const body = JSON.stringify({ name: `party ${made}` });
      const headers = { "content-type": "application/json" };
      await fetch(`${fleet.url}/api/parties`, { method: "POST", headers, body }).then(
        (answer) => answer.ok || failures.push(`status ${answer.status}`),
        (error: unknown) => failures.push(String(error)),
      );
      await sleep(20);
    }
  };
  const writers = Promise.all([write(), write()]);
  return {
    async stop() {
      going = false;
      await writers;
      return { made, failures };
    },
  };
}

test("the app itself is replaced, returned from twice, and replaced again without one failed request", async () => {
  const load = startLoad(`${fleet.url}/api/characters`, 200);
  const writing = startWriting();
  await fleet.ensure(await image("1.1.0"), { env });
  const gate = () => Promise.reject(new Error("no"));
  for (const version of ["1.2.0", "1.3.0"])
    await expect(fleet.ensure(await image(version), { env, gate })).rejects.toThrow("Version 1.1.0 serves");
  await fleet.ensure(await image("1.4.0"), { env });
  const [report, written] = await Promise.all([load.stop(), writing.stop()]);
  expect(report.failures).toEqual({});
  expect(written.failures).toEqual([]);
  expect(report.perSecond).toBeGreaterThan(100);
  expect(written.made).toBeGreaterThan(50);
}, 120_000);
