import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import type { AlertSettings, ChannelSettings, Figure } from "../../../../infra/engines/alerts";
import { Secret } from "../../../../infra/support";

export const minute = 60_000;

/** Settings with these channels and the guides' thresholds. */
export function settingsWith(
  channels: ChannelSettings[] = [],
  monitoring: Partial<AlertSettings["monitoring"]> = {},
): AlertSettings {
  return {
    environment: "staging",
    monitoring: {
      channels,
      thresholds: {},
      escalateAfter: 240 * minute,
      remindAfter: { warning: 1440 * minute, critical: 240 * minute },
      ...monitoring,
    },
  };
}

export const hook = (url: string, more: Partial<ChannelSettings> = {}): ChannelSettings =>
  ({
    type: "webhook",
    name: "hook",
    minimum: "warning",
    config: { url, headers: {} },
    ...more,
  }) as ChannelSettings;

export const slackHook = (url: string, more: Partial<ChannelSettings> = {}): ChannelSettings =>
  ({
    type: "slack",
    name: "slack",
    minimum: "warning",
    config: { webhook: new Secret(url), apiUrl: "https://slack.com/api" },
    ...more,
  }) as ChannelSettings;

export const slackBot = (apiUrl: string): ChannelSettings => ({
  type: "slack",
  name: "slack",
  minimum: "warning",
  config: { token: new Secret("xoxb-1"), channel: "#deployments", apiUrl },
});

export const pagerDuty = (url: string): ChannelSettings => ({
  type: "pagerduty",
  name: "pagerduty",
  minimum: "critical",
  config: { integrationKey: new Secret("0123456789abcdef0123456789abcdef"), urgency: "high", eventsUrl: url },
});

/** A figure of the app. */
export function figure(name: string, value: number, at: Date, subject = "app"): Figure {
  return { name, subject, value, at };
}

/** A database of its own, a folder of its own, and a clock that is moved by hand. */
export class World {
  now = new Date("2026-11-24T10:00:00Z");
  readonly clock = () => this.now;
  #client: MongoClient | undefined;
  #folder = "";
  #before: string | undefined;

  async open(name: string, uri = process.env.TEST_MONGODB_URI ?? ""): Promise<Db> {
    this.#client = await MongoClient.connect(uri);
    this.#folder = await mkdtemp(join(tmpdir(), "dnd-alerts-"));
    this.#before = process.env.DND_DIR;
    process.env.DND_DIR = this.#folder;
    const ops = this.#client.db(`${name}_ops`);
    await ops.dropDatabase();
    return ops;
  }

  /** Moves the clock on. */
  later(ms: number): Date {
    this.now = new Date(this.now.getTime() + ms);
    return this.now;
  }

  async close(ops?: Db): Promise<void> {
    await ops?.dropDatabase();
    await this.#client?.close();
    await rm(this.#folder, { recursive: true, force: true });
    if (this.#before === undefined) delete process.env.DND_DIR;
    else process.env.DND_DIR = this.#before;
  }
}
