import { readFlyToml } from "../../../../infra/engines/fly";
import { TestFleet } from "./open-fleet";

const mounts = `[[mounts]]
  source = "data"
  destination = "/data"
  initial_size = "3gb"
  processes = ["worker"]
`;

const text = `# of the tracker
app = "web"
primary_region = 'iad'
kill_signal = "SIGTERM"
kill_timeout = 10

[build]
  image = "registry.fly.io/web:v1"

[deploy]
  strategy = "bluegreen"
  wait_timeout = "2m"
  release_command = "npm run 'release step'"

[env]
  PORT = "8080"
  GREETING = "a \\"quoted\\" # word"

[processes]
  web = "node app.js"
  worker = "node worker.js"

[http_service]
  internal_port = 8_080
  force_https = true
  auto_stop_machines = "stop"
  processes = ["web"]
  concurrency = { type = "requests", soft_limit = 200 }
  [[http_service.checks]]
    path = "/ready"
    interval = "5s"
    headers = { Host = "dnd.example.com" }

${mounts}
[[vm]]
  size = "shared-cpu-2x"
  memory = "1gb"
`;

describe("a fly.toml", () => {
  test("is read into groups, strategy and gate", () => {
    const wish = readFlyToml(text, { web: { iad: 2, ams: 1 } });
    expect(wish).toMatchObject({
      app: "web",
      strategy: { kind: "bluegreen" },
      gate: { timeoutMs: 120_000 },
      releaseCommand: { command: ["npm", "run", "release step"] },
    });
    const [web, worker] = wish.groups;
    expect(web).toMatchObject({ name: "web", counts: { iad: 2, ams: 1 } });
    expect(web?.config).toMatchObject({
      env: { PORT: "8080", GREETING: 'a "quoted" # word', PRIMARY_REGION: "iad" },
      guest: { cpu_kind: "shared", cpus: 2, memory_mb: 1024 },
      stop_config: { signal: "SIGTERM", timeout: "10s" },
      services: [
        {
          internal_port: 8080,
          autostop: "stop",
          ports: [{ port: 80 }, { port: 443, handlers: ["tls", "http"] }],
          checks: [
            { type: "http", path: "/ready", headers: [{ name: "Host", values: ["dnd.example.com"] }] },
          ],
        },
      ],
    });
    expect(worker?.config).toMatchObject({
      services: [],
      mounts: [{ name: "data", path: "/data", size_gb: 3 }],
    });
  });

  test.each([
    ["[http_servce]\ninternal_port = 80", "http_servce: unknown"],
    ["[http_service]\ninternal_port = 80\nautostop = true", "http_service.autostop: unknown"],
    ["[http_service]\ninternal_port = 'x'", "http_service.internal_port"],
    [
      "[processes]\na = 'x'\nb = 'y'\n[http_service]\ninternal_port = 80",
      "every service has to name its own",
    ],
    ["[env]\nA = 1", "env.A"],
    ["[env\nA = 1", "line 2 of fly.toml"],
    ["a = 1 b = 2", "more than one thing in a line"],
  ])("with a mistake is refused with the place of it (%#)", (mistake, words) => {
    expect(() => readFlyToml(`app = "web"\n${mistake}`)).toThrow(words);
  });

  test("deployed once is found unchanged", async () => {
    const fleet = await TestFleet.open();
    const { releaseCommand, ...wish } = readFlyToml(text.replace(mounts, ""));
    expect(releaseCommand).toBeDefined();
    await fleet.deploy(wish);
    expect(fleet.picture).toEqual(["web-iad-1 v1 started", "worker-iad-1 v1 started"]);
    expect((await fleet.deploy(wish)).plan.operations).toEqual([]);
  });
});
