import { WaitExpired } from "../../../infra/drivers/fly-api";
import { openStandIn, plainConfig, type Opened } from "./open";

let opened: Opened;
let id: string;
beforeEach(async () => {
  opened = await openStandIn({ rateLimits: false });
  ({ id } = await opened.api.machines.create("web", { config: plainConfig }));
});

const wait = (query: string) =>
  opened.fly
    .fetch(`http://fly.test/v1/apps/web/machines/${id}/wait?${query}`, {
      headers: { authorization: "Bearer test" },
    })
    .then(async (answer) => ({
      status: answer.status,
      body: (await answer.json()) as Record<string, unknown>,
    }));

describe("waiting at the stand-in", () => {
  test("ends when the state is there, and at once when it is there already", async () => {
    const waiting = opened.api.machines.wait("web", id, { states: ["started"], timeoutMs: 5000 });
    await opened.clock.advance(1000);
    expect(await waiting).toMatchObject({ ok: true, state: "started" });
    expect(await wait("state=started&timeout=1")).toMatchObject({ status: 200, body: { ok: true } });
  });

  test("takes any of several states, repeated or with commas, and every resting one as settled", async () => {
    await opened.clock.advance(1000);
    expect((await wait("state=stopped&state=started")).body.state).toBe("started");
    expect((await wait("state=stopped,started")).body.state).toBe("started");
    expect((await wait("state=settled")).body.state).toBe("started");
    expect((await wait("state=flying")).status).toBe(400);
  });

  test("tells of an old version only that it was replaced", async () => {
    const { clock, api } = opened;
    await clock.advance(1000);
    const before = (await api.machines.get("web", id))?.instance_id;
    const { instance_id: version } = await api.machines.update("web", id, { config: plainConfig });
    expect((await wait(`state=replaced&instance_id=${before}`)).body).toMatchObject({ state: "replaced" });
    const started = api.machines.wait("web", id, { states: ["started"], version, timeoutMs: 5000 });
    await clock.advance(2000);
    expect(await started).toMatchObject({ state: "started", version });
  });

  test("ends after its time in words that clients know, and refuses times beyond a minute", async () => {
    const { clock, api } = opened;
    await clock.advance(1000);
    const late = wait("state=stopped&timeout=2");
    await clock.advance(2000);
    expect(await late).toEqual({
      status: 408,
      body: {
        error: "deadline_exceeded: machine failed to reach desired state, stopped, currently started",
      },
    });
    expect((await wait("state=stopped&timeout=61")).status).toBe(400);
    const expired = api.machines.wait("web", id, { states: ["stopped"], timeoutMs: 1000 });
    const seen = expect(expired).rejects.toThrow(WaitExpired);
    await clock.advance(1000);
    await seen;
  });

  test("hears of a destruction while it lasts, and looks only at what came after an event", async () => {
    const { clock, api } = opened;
    await clock.advance(1000);
    const [newest] = await api.machines.events("web", id);
    const again = wait(`state=started&from_event_id=${newest?.id}&timeout=30`);
    await api.machines.restart("web", id);
    await clock.advance(2000);
    expect((await again).body.state).toBe("started");
    const gone = wait("state=destroyed&timeout=30");
    await api.machines.destroy("web", id, { force: true });
    await clock.advance(1000);
    expect((await gone).body.state).toBe("destroyed");
  });
});
