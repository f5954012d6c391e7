import { lookAll, type Figure, type Probe } from "../../../../../infra/engines/monitoring";

const at = new Date(0);
const figure: Figure = { name: "diskPercent", subject: "disk", value: 5, at };
const well: Probe = { name: "well", look: () => Promise.resolve([figure]) };

test("a probe that never answers is given up at its deadline and holds up no other", async () => {
  const silent: Probe = {
    name: "silent",
    deadlineMs: 20,
    look: () => new Promise(() => undefined),
    lost: (why) => [{ name: "serviceDown", subject: "silent", value: 1, at, note: why }],
  };
  const looks = await lookAll([silent, well], { at });
  expect(looks.failed).toEqual([{ probe: "silent", why: "no answer within 0.02 s" }]);
  expect(looks.figures).toEqual(
    expect.arrayContaining([figure, expect.objectContaining({ subject: "silent", value: 1 })]),
  );
});

test("a probe that throws at once is told, and the others are kept", async () => {
  const broken: Probe = {
    name: "broken",
    look: () => {
      throw new Error("no such thing\nand a trace");
    },
  };
  const looks = await lookAll([broken, well], { at });
  expect(looks.failed).toEqual([{ probe: "broken", why: "no such thing" }]);
  expect(looks.figures).toEqual([figure]);
});
