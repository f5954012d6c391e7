import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlyStandIn, type StandInOptions } from "../../../embedded/fly";
import { openFlyApi, type FlyApi } from "../../../infra/drivers/fly-api";
import { judged } from "./open";
import { Secret } from "../../../infra/support";

export interface Ran {
  code: number;
  /** What it wrote, on both ways out. */
  text: string;
}

/** An app in the hands of the real tool. */
export interface HandledApp {
  name: string;
  /** Runs the tool against the stand-in, in the folder of the app's settings file. */
  flyctl(...args: string[]): Promise<Ran>;
  /** Writes the settings file. */
  settings(text: string): Promise<void>;
}

export interface WithFlyctl {
  fly: FlyStandIn;
  api: FlyApi;
  /** Makes an app. */
  make(name: string): Promise<HandledApp>;
  end(): Promise<void>;
}

/** The real tool of Fly in front of a stand-in. */
export async function withFlyctl(options: StandInOptions = {}): Promise<WithFlyctl> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-flyctl-"));
  const fly = judged(new FlyStandIn({ rateLimits: false, organizations: ["guild"], ...options }));
  const url = await fly.listen();
  const api = openFlyApi({ token: new Secret("test"), baseUrl: url });
  return {
    fly,
    api,
    make: async (name) => {
      const own = join(folder, name);
      await mkdir(own);
      fly.world.addApp({ name, organization: "guild", network: "default", idempotencyKey: undefined });
      return {
        name,
        flyctl: (...args) => flyctlAt(url, own, "test", args),
        settings: (text) => writeFile(join(own, "fly.toml"), text),
      };
    },
    end: async () => {
      await fly.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the real tool against the stand-in at an address; the folder is its home. */
export function flyctlAt(url: string, folder: string, token: string, args: string[]): Promise<Ran> {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    FLY_FLAPS_BASE_URL: url,
    FLY_API_BASE_URL: url,
    FLY_UIEX_BASE_URL: url,
    FLY_METRICS_BASE_URL: url,
    FLY_SYNTHETICS_BASE_URL: url,
    FLY_CONFIG_DIR: join(folder, "config"),
    FLY_ACCESS_TOKEN: token,
    FLY_SEND_METRICS: "0",
    FLY_SYNTHETICS_AGENT: "0",
    FLY_NO_UPDATE_CHECK: "1",
    FLY_NO_INCIDENTS_CHECK: "1",
    NO_COLOR: "1",
  };
  return new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: 120_000 };
    const running = execFile("flyctl", args, options, (error, out, err) => {
      resolve({ code: error ? (running.exitCode ?? 1) : 0, text: out + err });
    });
  });
}

/** A settings file of an app with one checked service. */
export const settingsOf = (app: string, more = "") => `
app = "${app}"
primary_region = "iad"
${more}
[http_service]
  internal_port = 8080
  [[http_service.checks]]
    method = "GET"
    path = "/"
    interval = "2s"
    timeout = "1s"
    grace_period = "1s"
`;

export const quickly = ["--dns-checks=false", "--yes", "--smoke-checks=false"];
