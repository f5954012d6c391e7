import { readFile } from "node:fs/promises";
import type { Observation } from "./case";
import { cases } from "./cases";
import { embeddedEngine } from "./embedded-engine";
import { observe, recordingOf } from "./record";

// Five programs at a time on a busy machine: each has time enough, and none may hang for ever.
jest.setTimeout(240_000);

describe("the embedded engine does what the real one did with a program that", () => {
  test.concurrent.each(cases.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    const recorded = JSON.parse(await readFile(recordingOf(one), "utf8")) as Observation[];
    const seen = await observe(one, embeddedEngine);
    expect(JSON.parse(JSON.stringify(seen))).toEqual(recorded);
  });
});
