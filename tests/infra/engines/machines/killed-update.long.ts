import { setTimeout as sleep } from "node:timers/promises";
import { startLoad } from "../../../harness/load";
import { fakeImage } from "./fake-image";
import { Fleet } from "./fleet";
import { killUpdate } from "./killed-update";

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.open();
  await fleet.ensure(await fakeImage("1.0.0"));
});
afterAll(() => fleet.close());

const moments = [
  /building|starting machine 1/,
  /starting machine 1/,
  /taking/,
  /starting machine 2/,
  /taking[^]*taking/,
  /gate/,
  /stopping/,
];
const cases = moments.flatMap((after) => [0, 15, 40, 90, 160].map((laterMs) => ({ after, laterMs })));

describe("an update that is killed", () => {
  test.each(cases)(
    "after $after and $laterMs ms is carried to its end, with no failed request",
    async ({ after, laterMs }) => {
      const version = `2.${cases.findIndex((one) => one.after === after && one.laterMs === laterMs)}.0`;
      const next = await fakeImage(version);
      const load = startLoad(`${fleet.url}/?ms=10`, 100);
      await killUpdate(next, fleet.port, after, laterMs);
      const { machines } = await fleet.ensure(next);
      expect((await load.stop()).failures).toEqual({});
      const seen = await fleet.observe();
      expect(seen).toMatchObject({ dead: [], unfinished: false, url: fleet.url });
      expect(seen.running.map(({ pid }) => pid)).toEqual(machines.map(({ pid }) => pid));
      expect(seen.running.map((one) => [one.healthy, one.version])).toEqual([
        [true, version],
        [true, version],
      ]);
    },
  );

  test.each([0, 20, 60, 120, 200, 300])(
    "together with its supervisor after %i ms leaves no twin and no orphan",
    async (ms) => {
      const next = await fakeImage(`3.${ms}.0`);
      const killed = killUpdate(next, fleet.port, /starting machine/, ms, { mayFail: true });
      await sleep(400 + ms);
      await fleet.killSupervisor();
      await killed;
      const { machines } = await fleet.ensure(next).catch((error: unknown) => {
        // A machine that ended unwatched counts against its version once; the error's remedy is another run.
        if (!String(error).includes("ended while nobody watched")) throw error;
        return fleet.ensure(next);
      });
      const seen = await fleet.observe();
      expect(seen.running.map(({ pid }) => pid)).toEqual(machines.map(({ pid }) => pid));
      expect(seen.running).toHaveLength(2);
      expect(fleet.processes()).toEqual(machines.map(({ pid }) => pid).sort((a, b) => a - b));
    },
  );
});
