import { momentOf, requireFitting } from "../../../ops/metrics/options";
import { parseMachines } from "../../../ops/monitor/machine-addresses";
import { wantedOf } from "../../../ops/monitor/options";

const now = new Date("2026-03-08T00:00:00Z");
const common = { stack: "local", json: false, yes: false };
const usual = { port: 9464, intervalMs: 30_000 };

test("a time is a stretch back from now, or a date that is past", () => {
  expect(momentOf("--since", "7d", now)).toEqual(new Date("2026-03-01T00:00:00Z"));
  expect(momentOf("--since", "2026-03-05", now)).toEqual(new Date("2026-03-05T00:00:00Z"));
  for (const wrong of ["soon", "7x", "2027-01-01"])
    expect(() => momentOf("--since", wrong, now)).toThrow(/--since wants a time that is past/);
});

test("options that belong elsewhere are refused", () => {
  expect(() => requireFitting({ ...common, action: "report", format: "csv" })).toThrow(
    /--format belongs to export/,
  );
  expect(() => requireFitting({ ...common, action: "export", format: "csv" })).not.toThrow();
});

test("a monitor's port and interval are those of its options, else of its settings", () => {
  expect(wantedOf({ ...common, once: false }, usual)).toEqual({ ...usual, host: "127.0.0.1" });
  expect(wantedOf({ ...common, once: false, port: "0", interval: "5s" }, usual)).toMatchObject({
    port: 0,
    intervalMs: 5000,
  });
  expect(() => wantedOf({ ...common, once: false, port: "70000" }, usual)).toThrow(/--port/);
  expect(() => wantedOf({ ...common, once: false, interval: "5ms" }, usual)).toThrow(/--interval/);
  expect(() => wantedOf({ ...common, once: false, interval: "5m" }, usual)).toThrow(/--interval/);
});

test("Fly's list of machines is read whatever way it is cut", () => {
  expect(parseMachines(["d891 iad,e28d ord", "f00d fra"])).toEqual([
    { id: "d891", region: "iad" },
    { id: "e28d", region: "ord" },
    { id: "f00d", region: "fra" },
  ]);
  expect(parseMachines([""])).toEqual([]);
});
