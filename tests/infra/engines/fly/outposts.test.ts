import type { OutpostPlace } from "../../../../infra/drivers/outpost";
import { outpostsAt } from "../../../../infra/engines/fly";
import { imageOf, TestFleet, wishOf } from "./open-fleet";

const way = { app: "web", region: "iad" };
const image = imageOf("v2");
const canary = "canary-of-the-outpost";

let fleet: TestFleet;
beforeEach(async () => {
  fleet = await TestFleet.open();
  await fleet.deploy(wishOf("v1", 1));
  process.env.CANARY_SECRET_ACCESS_KEY = canary;
});
afterEach(() => delete process.env.CANARY_SECRET_ACCESS_KEY);

const outposts = () => fleet.machines.filter(({ name }) => name.startsWith("outpost-"));
const find = (wanted: string | undefined = image, but?: string): Promise<OutpostPlace> =>
  fleet.clock.carry(
    outpostsAt({ api: fleet.api, clock: fleet.clock, image: () => Promise.resolve(wanted) })(way, but),
  );
const ask = (place: OutpostPlace, signal = new AbortController().signal) =>
  fleet.clock.carry(place.exchange("a question", { patienceMs: 15_000, signal }));
const says = (exit_code: number, stdout = "", stderr = "") => ({
  exec: () => ({ exit_code, stdout, stderr }),
});

describe("a machine that goes to the database", () => {
  test("is of the image that is wanted, open to nobody, and knows no secret by its configuration", async () => {
    fleet.fly.script(image, says(0, "an answer"));
    const place = await find();
    expect(await ask(place)).toBe("an answer");
    const [one] = outposts();
    expect(one?.config).toMatchObject({ image, services: [], auto_destroy: true, restart: { policy: "no" } });
    expect(JSON.stringify(one?.config)).not.toContain(canary);
    expect(JSON.stringify(place.greeting)).toContain(canary);
  });

  test("serves the next who comes, unless it is of another release, goes, or is not to be it", async () => {
    const first = await find();
    expect(await find()).toMatchObject({ called: first.called, wasThere: true });
    expect(await find(undefined)).toMatchObject({ called: first.called });
    expect((await find(imageOf("v3"))).called).not.toBe(first.called);
    const second = await find(image, first.called);
    expect(second).toMatchObject({ wasThere: false });
    for (const one of outposts()) one.stop("SIGTERM", "5s");
    const third = await find();
    expect([first.called, second.called]).not.toContain(third.called);
  });

  test("is made once although the answer to that was lost, also where lists lag behind", async () => {
    fleet.fly.faults.add({ action: "create", harm: { kind: "reset", when: "after" } });
    fleet.fly.conditions.lagMs = 1500;
    await find();
    expect(outposts()).toHaveLength(1);
  });

  test("comes although Fly is busy and not well", async () => {
    fleet.fly.faults.add({ action: "list", times: 2, harm: { kind: "status", status: 500 } });
    fleet.fly.faults.add({
      action: "create",
      harm: { kind: "status", status: 429, headers: { "retry-after": "2" } },
    });
    fleet.fly.faults.add({ action: "look", times: 2, harm: { kind: "reset" } });
    await find();
    expect(outposts()).toHaveLength(1);
  });

  test.each([
    ["there is no room in the region", () => fleet.fly.conditions.room.set("iad", 0), "fly-no-capacity"],
    ["there is no such image", () => fleet.fly.forgetImage(image), undefined],
    [
      "it cannot be launched",
      () => fleet.fly.script(image, { unlaunchable: "no such program" }),
      "outpost-unable",
    ],
    [
      "it ends at once",
      () => fleet.fly.script(image, { bootMs: 100, exit: { afterMs: 10, code: 1 }, log: ["no /dnd"] }),
      "outpost-unable",
    ],
    ["it never comes up", () => fleet.fly.script(image, { bootMs: 3_000_000 }), "outpost-unable"],
    [
      "the token may not look",
      () => fleet.fly.faults.add({ action: "list", harm: { kind: "status", status: 403 } }),
      "fly-not-allowed",
    ],
  ])("is told of where %s, and leaves nothing behind", async (_what, spoil, code) => {
    spoil();
    const failed: unknown = await find().catch((error: unknown) => error);
    expect(failed).toMatchObject(
      code ? { code } : { message: expect.stringContaining("Fly did not create") as string },
    );
    await fleet.clock.advance(5000);
    expect(outposts()).toEqual([]);
  });

  test("is another one where the one that somebody sent for does not come up", async () => {
    fleet.fly.script(image, { bootMs: 3_000_000 });
    const slow = outpostsAt({ api: fleet.api, clock: fleet.clock, image: () => Promise.resolve(image) })(way);
    const failed = expect(slow).rejects.toMatchObject({ code: "outpost-unable" });
    await fleet.clock.advance(1000);
    fleet.fly.script(image, {});
    expect(outposts()).toHaveLength(1);
    expect(await find()).toMatchObject({ wasThere: false });
    await failed;
  });
});

describe("what is asked of it", () => {
  test("is a passing fault as long as it runs", async () => {
    fleet.fly.script(image, says(1, "", "the way there is lost"));
    const place = await find();
    await expect(ask(place)).rejects.toThrow("the way there is lost");
    fleet.fly.faults.add({ action: "exec", harm: { kind: "status", status: 502 } });
    await expect(ask(place)).rejects.toMatchObject({ code: "fly-unknown-outcome", kind: "failed" });
  });

  test.each([
    ["ran out of memory", { code: 137, oom: true }],
    ["exit code 3", { code: 3 }],
  ])("fails at once and for good where it %s", async (words, ending) => {
    fleet.fly.script(image, {
      ...says(0, "yes"),
      exit: { afterMs: 30_000, ...ending },
      log: ["its last line"],
    });
    const place = await find();
    expect(await ask(place)).toBe("yes");
    await fleet.clock.advance(60_000);
    const failed = ask(place);
    await expect(failed).rejects.toMatchObject({ code: "outpost-ended" });
    await expect(failed).rejects.toThrow("in the middle");
    await expect(failed).rejects.toThrow(words);
  });

  test("shows no secret when it fails", async () => {
    fleet.fly.faults.add({
      action: "exec",
      times: 9,
      harm: { kind: "status", status: 500, body: { error: "no" } },
    });
    const place = await find();
    const failed = await fleet.clock
      .carry(place.exchange(canary, { patienceMs: 0, signal: new AbortController().signal }))
      .catch((error: unknown) => error);
    expect(String(failed)).not.toContain(canary);
    expect(JSON.stringify(failed)).not.toContain(canary);
  });
});
