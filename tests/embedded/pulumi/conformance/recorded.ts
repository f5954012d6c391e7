import { readFile } from "node:fs/promises";
import type { Case, Observation } from "./case";
import { embeddedEngine } from "./embedded-engine";
import { observe, recordingOf } from "./record";

/** Runs cases on the embedded engine and holds each against the recording of a real run. */
export function holdAgainstRecordings(chosen: readonly Case[]): void {
  // Five programs at a time on a busy machine: each has time enough, and none may hang for ever.
  jest.setTimeout(240_000);
  describe("the embedded engine does what the real one did with a program that", () => {
    test.concurrent.each(chosen.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
      const recorded = JSON.parse(await readFile(recordingOf(one), "utf8")) as Observation[];
      const seen = await observe(one, embeddedEngine);
      expect(JSON.parse(JSON.stringify(seen))).toEqual(recorded);
    });
  });
}
