import { machinesWish } from "../../infra/resources/fly-wish";
import { machinesWanted } from "../../stacks/fly";
import { withMonitor } from "../../stacks/fly-monitor";
import { settingsSchema } from "../../stacks/settings";

const settingsWith = (groups: object) => settingsSchema.parse({ environment: "production", ...groups });

describe("the monitor at Fly", () => {
  test("is no part of a stack that does not ask for it", () => {
    const settings = settingsWith({});
    expect(withMonitor(settings, "production")).toBe(settings.app);
  });

  test("is a process group of one small machine, which no request of the app's address reaches", () => {
    const app = withMonitor(settingsWith({ monitoring: { enabled: true, port: 9500 } }), "production");
    const { groups } = machinesWish(machinesWanted(app));
    const [serving, monitor] = ["app", "monitor"].map((name) => groups.find((group) => group.name === name));
    expect(monitor).toMatchObject({ counts: { iad: 1 }, config: { guest: { memory_mb: 512 } } });
    expect(machinesWanted(app).counts).toEqual({ monitor: 1 });
    const cmd = monitor?.config.init?.cmd ?? [];
    expect(cmd[0]).toBe("node");
    expect(cmd.slice(cmd.indexOf("/dnd/ops/dnd.cjs")).join(" ")).toBe(
      "/dnd/ops/dnd.cjs monitor --stack production --host :: --port 9500",
    );
    expect(monitor?.config.services ?? []).toEqual([]);
    expect(monitor?.config.checks).toMatchObject({ monitor: { port: 9500, path: "/health" } });
    expect(serving?.config).toMatchObject({
      guest: { memory_mb: 2048 },
      services: [{ internal_port: 3000 }],
    });
    expect(serving?.config.checks ?? {}).toEqual({});
  });

  test("joins the programs that an app has already, and stays away where one of them is a monitor", () => {
    const worker = { command: "node worker.js" };
    const web = { command: "node web.js", http: true };
    const own = settingsWith({ app: { processes: { web, worker } }, monitoring: { enabled: true } });
    expect(Object.keys(withMonitor(own, "staging").processes)).toEqual(["web", "worker", "monitor"]);
    const theirs = settingsWith({
      app: { processes: { web, monitor: worker } },
      monitoring: { enabled: true },
    });
    expect(withMonitor(theirs, "staging")).toBe(theirs.app);
  });
});
