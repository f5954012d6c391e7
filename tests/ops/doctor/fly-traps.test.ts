import { flyTraps } from "../../../ops/doctor/fly-traps";

const sound = `
app = "dnd-tracker-production"   # the app
[build]
  image = "registry.example/dnd@sha256:${"a".repeat(64)}"
[deploy]
  strategy = "rolling"
[http_service]
  internal_port = 3000
  min_machines_running = 2
  [[http_service.checks]]
    path = "/api/health"
`;

function found(text: string): string[] {
  return flyTraps("fly.toml", text).map((finding) => finding.found);
}

test("a sound fly.toml gives no warning", () => {
  expect(found(sound)).toEqual([]);
});

test("auto_rollback is called dead, and a remark about it is not", () => {
  expect(found(`${sound}\n[experimental]\n  auto_rollback = true`)).toEqual([
    expect.stringContaining("auto_rollback"),
  ]);
  expect(found(`${sound}\n# auto_rollback = true`)).toEqual([]);
});

test("a release_command that migrates beside the release's own migrations is found", () => {
  const twice = sound.replace("[deploy]", '[deploy]\n  release_command = "npm run migrate:up"');
  expect(found(twice)).toEqual([expect.stringContaining("twice")]);
});

test("an image without a digest is found", () => {
  expect(found(sound.replace(/@sha256:a+/, ":latest"))).toEqual([expect.stringContaining("not pinned")]);
});

test("one machine with the strategy rolling is found, and with bluegreen it is not", () => {
  const one = sound.replace("min_machines_running = 2", "min_machines_running = 1");
  expect(found(one)).toEqual([expect.stringContaining("outage")]);
  expect(found(one.replace("rolling", "bluegreen"))).toEqual([]);
});

test("a service without a health check is found", () => {
  expect(found(sound.replace(/\[\[http_service.checks\]\][^]*/, ""))).toEqual([
    expect.stringContaining("no health check"),
  ]);
});
