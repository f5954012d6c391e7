import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlyStandIn, imagesOf, ProcessRuntime } from "../../../embedded/fly";
import { openFlyApi } from "../../../infra/drivers/fly-api";
import { Secret, waitFor } from "../../../infra/support";
import { FlySource } from "../../../ops/log/fly-source";
import { follow } from "../../../ops/log/follow";
import type { LogLine } from "../../../ops/log/line";

/** Tells the turn that it is, and a few lines of it; ends well when it is asked to, and badly, in the middle of a line, when it is told to fall. */
const program = `
const { existsSync, writeFileSync, readFileSync } = require("node:fs");
const place = __dirname + "/" + process.env.FLY_MACHINE_ID;
const turn = existsSync(place) ? Number(readFileSync(place)) + 1 : 1;
writeFileSync(place, String(turn));
for (let line = 1; line <= 60; line++) console.log("turn " + turn + " line " + line);
process.on("SIGINT", () => { console.log("turn " + turn + " ends"); process.exit(0); });
process.on("SIGUSR2", () => { process.stdout.write("turn " + turn + " falls"); process.exit(7); });
console.log("turn " + turn + " is ready");
setInterval(() => {}, 1000);
`;

let folder: string;
let fly: FlyStandIn;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-fly-log-"));
  await writeFile(join(folder, "chatter.js"), program);
  const image = { command: [process.execPath, join(folder, "chatter.js")], cwd: folder };
  const runtime = new ProcessRuntime({
    folder: join(folder, "machines"),
    image: imagesOf({ "web:v1": image }),
  });
  fly = new FlyStandIn({ runtime });
});
afterAll(async () => {
  await fly.close();
  await rm(folder, { recursive: true, force: true });
});

test("a machine at Fly that restarts while its log is followed tells each of its lines, and each once", async () => {
  const api = openFlyApi({ token: new Secret("test"), baseUrl: await fly.listen() });
  await api.apps.create({ name: "web", org_slug: "guild" });
  const config = { image: "web:v1", restart: { policy: "on-failure" as const } };
  const [one, other] = [
    await api.machines.create("web", { config }),
    await api.machines.create("web", { config }),
  ];
  const told: LogLine[] = [];
  const said: string[] = [];
  const heard = (machine: string, text: string) =>
    waitFor(() => told.find((line) => line.machine === machine && line.text === text), {
      what: `${text} of ${machine}`,
      timeoutMs: 20_000,
    });

  const end = new AbortController();
  const source = new FlySource(api, "web", undefined);
  told.push(...(await source.read(end.signal)));
  const following = follow(source, {
    tell: (lines) => told.push(...lines),
    say: (line) => said.push(line),
    signal: end.signal,
  });
  await heard(one.id, "turn 1 is ready");
  await heard(other.id, "turn 1 is ready");
  await api.machines.restart("web", one.id);
  await heard(one.id, "turn 2 is ready");
  await api.machines.signal("web", one.id, "SIGUSR2");
  await heard(one.id, "turn 3 is ready");
  end.abort();
  await following;

  const turn = (number: number) => [
    ...Array.from({ length: 60 }, (_, at) => `turn ${number} line ${at + 1}`),
    `turn ${number} is ready`,
  ];
  const of = (machine: string) => told.filter((line) => line.machine === machine).map(({ text }) => text);
  expect(of(one.id)).toEqual([...turn(1), "turn 1 ends", ...turn(2), "turn 2 falls", ...turn(3)]);
  expect(of(other.id)).toEqual(turn(1));
  expect(said).toEqual([]);
}, 60_000);
