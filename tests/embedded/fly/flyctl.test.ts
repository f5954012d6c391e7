import { describeWith } from "../../harness/tools";
import { withFlyctl, type WithFlyctl } from "./flyctl";

let opened: WithFlyctl;
beforeEach(async () => {
  opened = await withFlyctl();
});
afterEach(() => opened.end());

const metadata = { fly_platform_version: "v2", fly_process_group: "app" };

describeWith("flyctl")("Fly's own tool at the stand-in", () => {
  test("lists and shows what is there, and what it is told by others", async () => {
    const { api, fly } = opened;
    const { flyctl } = await opened.make("web");
    const config = { image: "registry.fly.io/web:v1", metadata };
    const { id } = await api.machines.create("web", { name: "first", region: "ams", config });
    await api.machines.wait("web", id, { states: ["started"], timeoutMs: 5000 });

    const listed = JSON.parse((await flyctl("machine", "list", "-a", "web", "--json")).text) as object[];
    expect(listed).toMatchObject([{ id, name: "first", state: "started", region: "ams" }]);

    const status = await flyctl("status", "-a", "web");
    expect(status).toMatchObject({ code: 0, text: expect.stringContaining(id) as string });
    const told = JSON.parse((await flyctl("status", "-a", "web", "--json")).text) as object;
    expect(told).toMatchObject({ Name: "web", Status: "deployed", Machines: [{ id, config: { metadata } }] });

    fly.world.app("web").releases.add({ image: config.image, strategy: "ROLLING", definition: {} });
    const releases = JSON.parse(
      (await flyctl("releases", "-a", "web", "--json", "--image")).text,
    ) as object[];
    expect(releases).toMatchObject([{ Version: 1, ImageRef: config.image, Status: "pending" }]);
    expect(fly.requests.filter(({ action }) => action === undefined)).toEqual([]);
  });
});
