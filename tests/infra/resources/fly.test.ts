import { first } from "../engines/fly/certificates";
import { lifecycle as appLife } from "../../../infra/resources/fly-app";
import { lifecycle as machinesLife, type FlyMachinesInputs } from "../../../infra/resources/fly-machines";
import { appInputs, context, machinesInputs, playedFly } from "./fly-wishes";

const fly = playedFly();

test("a size that there is not is refused in the preview, in words", async () => {
  const groups = [{ name: "web", config: { guest: { cpus: 3, memory_mb: 100 } }, counts: { iad: 2.5 } }];
  const { failures } = (await machinesLife.check?.({}, { ...machinesInputs, groups }, context)) ?? {};
  expect(failures?.map(({ reason }) => reason)).toEqual([
    "group web: 2.5 machines in iad: 0 to 1000 are possible",
    "group web: 3 shared cpus: 1, 2, 4, 6, 8 are possible",
  ]);
});

test("a port that nobody listens on, and a region without room, are refused in the preview, in words", async () => {
  const reasons = async (inputs: FlyMachinesInputs) => {
    const { failures } = (await machinesLife.check?.({}, inputs, context)) ?? {};
    return failures?.map(({ reason }) => reason);
  };
  const config = { env: { PORT: "8080" }, services: [{ internal_port: 3000, ports: [{ port: 443 }] }] };
  const groups = [{ name: "web", config, counts: { iad: 1 } }];
  expect(await reasons({ ...machinesInputs, groups })).toEqual([
    "group web: env.PORT tells the app to listen on 8080, and its service calls port 3000",
  ]);
  fly().conditions.room.set("syd", 1);
  const there = {
    ...machinesInputs,
    organization: "guild",
    groups: [{ name: "web", config: {}, counts: { syd: 2 } }],
  };
  expect(await reasons(there)).toEqual([
    "there is no room for 1 of 2 machines of group web with 1 shared cpus in syd",
  ]);
  expect(await reasons({ ...there, fallbackRegions: ["ord"] })).toEqual([]);
});

test("a certificate of one's own that no browser would take is refused in the preview, in words", async () => {
  const ownCertificates = { "dnd.example.org": first };
  const { failures } = (await appLife.check?.({}, { ...appInputs, ownCertificates }, context)) ?? {};
  expect(failures).toEqual([
    { property: "ownCertificates", reason: expect.stringMatching(/not for dnd\.example\.org$/) as string },
  ]);
  expect(JSON.stringify(failures)).not.toContain("PRIVATE");
});

test("an app that a stack of another environment has made is taken over by none, and one's own is", async () => {
  const production = { ...appInputs, app: "tavern", environment: "production" };
  const { outs } = await appLife.create(production, context);
  const [group] = machinesInputs.groups;
  const config = { ...group?.config, env: { DEPLOY_ENV: "production" } };
  const groups = [{ name: "web", config, counts: { iad: 1 } }];
  await machinesLife.create({ ...machinesInputs, app: "tavern", groups, secrets: outs.secretsSeen }, context);
  const reasons = async (olds: object, environment: string) => {
    const found = await appLife.check?.(olds, { ...production, environment }, context);
    return found?.failures?.map(({ reason }) => reason);
  };
  expect(await reasons({}, "staging")).toEqual([
    expect.stringMatching(
      /^app tavern is there and serves production, not staging\n.*another name in app\.name/,
    ),
  ]);
  expect(await reasons({}, "production")).toEqual([]);
  expect(await reasons({ app: "tavern" }, "staging")).toEqual([]);
});

test("without a token the operator is told which variable to set", async () => {
  const token = process.env.FLY_API_TOKEN;
  delete process.env.FLY_API_TOKEN;
  await expect(appLife.read("web", {} as never, context)).rejects.toThrow("FLY_API_TOKEN");
  process.env.FLY_API_TOKEN = token;
});
