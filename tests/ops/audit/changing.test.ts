import { changes } from "../../../ops/audit";

test.each([
  ["status", {}],
  ["migrate", { action: "status" }],
  ["migrate", { action: "up", dryRun: true }],
  ["backup", { action: "list" }],
  ["release", { action: "approve" }],
  ["fly", { action: "volumes", words: ["list"] }],
  ["ops", { action: "cleanup", apply: false }],
  ["ops", { action: "indexes" }],
])("`dnd %s` only looks with %j", (command, given) => {
  expect(changes(command, given)).toBe(false);
});

test.each([
  ["up", {}],
  ["migrate", { action: "up" }],
  ["backup", { action: "restore" }],
  ["release", { action: "approve", key: "id" }],
  ["fly", { action: "volumes", words: ["destroy", "vol_1"] }],
  ["ops", { action: "cleanup", apply: true }],
  ["ops", { action: "indexes", rebuild: "hp_1" }],
  ["a-command-of-next-year", {}],
])("`dnd %s` can change something with %j", (command, given) => {
  expect(changes(command, given)).toBe(true);
});
