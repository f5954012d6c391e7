import { startLoad } from "../../../harness/load";
import type { AppImage } from "../../../../infra/engines/machines";
import { fakeImage } from "./fake-image";
import { Fleet } from "./fleet";
import { killUpdate } from "./killed-update";

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.open();
});
afterAll(() => fleet.close());

async function expectWhole(image: AppImage): Promise<void> {
  const seen = await fleet.observe();
  expect(seen).toMatchObject({ dead: [], unfinished: false, url: fleet.url });
  expect(seen.running).toHaveLength(2);
  expect(seen.running.every((one) => one.healthy && one.digest === image.digest)).toBe(true);
  expect(fleet.processes()).toEqual(seen.running.map(({ pid }) => pid).sort((a, b) => a - b));
}

test("an update that was killed serves on, is seen, and is carried to its end by the next", async () => {
  await fleet.ensure(await fakeImage("1.0.0"));
  const next = await fakeImage("1.1.0");
  const load = startLoad(`${fleet.url}/?ms=10`, 100);
  expect(await killUpdate(next, fleet.port, /starting machine 2/)).not.toContain("done");
  expect((await fleet.observe()).unfinished).toBe(true);
  await fleet.ensure(next);
  expect((await load.stop()).failures).toEqual({});
  await expectWhole(next);
});

test("an update that was killed before its gate is asked by the gate after all, and can still go back", async () => {
  const before = (await fleet.observe()).running;
  const next = await fakeImage("1.2.0");
  await killUpdate(next, fleet.port, /gate/);
  const gate = () => Promise.reject(new Error("it does not work"));
  await expect(fleet.ensure(next, { gate })).rejects.toThrow("Version 1.1.0 serves as before, verified");
  expect((await fleet.observe()).running.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
  await expectWhole(await fakeImage("1.1.0"));
});

test("whoever wants the old version after a killed update gets the machines that were there", async () => {
  const before = (await fleet.observe()).running;
  await killUpdate(await fakeImage("1.2.0"), fleet.port, /taking/);
  const { machines } = await fleet.ensure(await fakeImage("1.1.0"));
  expect(machines.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
  await expectWhole(await fakeImage("1.1.0"));
});
