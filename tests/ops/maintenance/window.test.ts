import { requireFitting, type MaintenanceOptions } from "../../../ops/maintenance";
import { windowOf } from "../../../ops/maintenance/window";

const now = new Date("2026-11-21T20:00:00Z");
const options = (given: Partial<MaintenanceOptions>): MaintenanceOptions => ({
  ...{ action: "schedule", stack: "local", json: false, yes: false },
  ...given,
});

test("a window is told by dates or by times: its end counts from its beginning", () => {
  const window = windowOf(options({ at: "2026-11-22T22:00Z", until: "2h" }), now);
  expect(window).toMatchObject({
    on: true,
    from: new Date("2026-11-22T22:00Z"),
    until: new Date("2026-11-23T00:00Z"),
  });
  expect(windowOf(options({ at: "30m" }), now)).toMatchObject({
    from: new Date("2026-11-21T20:30:00Z"),
    until: null,
  });
});

test.each([
  ["a beginning that has been", { at: "2026-11-21T19:59Z" }],
  ["an end before the beginning", { at: "2h", until: "2026-11-21T21:00Z" }],
  ["a moment that is none", { at: "tonight" }],
  ["an address that is none", { at: "1h", allow: ["10.0.0.0/40"] }],
])("%s is refused before anything is written", (_what, given) => {
  expect(() => windowOf(options(given), now)).toThrow(expect.objectContaining({ kind: "usage" }));
});

test("a schedule without a beginning, and an option of another action, are wrong usage", () => {
  expect(() => requireFitting(options({}))).toThrow(/--at/);
  expect(() => requireFitting(options({ action: "off", until: "1h" }))).toThrow(
    /--until means nothing to off/,
  );
});
