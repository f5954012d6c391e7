import { channelSecrets } from "../../stacks/alert-settings";
import { isSecretPath } from "../../stacks/secret-paths";
import { readSettings, SettingsError } from "../../stacks/settings";

function monitoring(group: object, env: Record<string, string> = {}) {
  const values = {
    "dnd-tracker:environment": "staging",
    "dnd-tracker:monitoring": JSON.stringify(group),
  };
  return readSettings(values, env).monitoring;
}

const guides = [
  {
    type: "slack",
    config: { webhook: "https://hooks.slack.example/x", channel: "#deployments", username: "Bot" },
  },
  { type: "email", config: { recipients: ["team@example.com"], from: "alerts@example.com" } },
  { type: "pagerduty", config: { integrationKey: "your-key", urgency: "high" } },
];

describe("the channels of a stack", () => {
  test("are taken as the guides write them, their secrets hidden", () => {
    const { channels } = monitoring({ channels: guides });
    expect(channels.map(({ name, minimum }) => `${name} ${minimum}`)).toEqual([
      "slack warning",
      "email warning",
      "pagerduty critical",
    ]);
    expect(JSON.stringify(channels)).not.toMatch(/hooks\.slack|your-key/);
    expect(Object.keys(channelSecrets(channels))).toEqual(["slack", "pagerduty"]);
    expect(isSecretPath(["monitoring", "channels", 0, "config", "webhook"])).toBe(true);
  });

  test("are set by the guides' variables, above the settings and without any", () => {
    const env = {
      SLACK_WEBHOOK_URL: "https://hooks.slack.example/y",
      ALERT_EMAILS: "ann@example.com, ben@example.com",
      SMTP_HOST: "smtp.example.com",
      SMTP_PASSWORD: "p",
      PAGERDUTY_INTEGRATION_KEY: "k",
      DND_CHANNEL_SECRETS: JSON.stringify({ slack: "xoxb-1" }),
    };
    expect(monitoring({}, env).channels).toMatchObject([
      { type: "slack" },
      {
        config: { recipients: ["ann@example.com", "ben@example.com"], smtp: { port: 587, tls: "required" } },
      },
      { type: "pagerduty" },
    ]);
    const [slack] = monitoring({ channels: guides }, env).channels;
    expect(slack?.type === "slack" && slack.config.token?.reveal()).toBe("xoxb-1");
  });

  test.each<[string, object]>([
    ["an unknown type", { channels: [{ type: "pigeon", config: {} }] }],
    ["a setting of another type", { channels: [{ type: "slack", config: { recipients: [] } }] }],
    ["the same name twice", { channels: [guides[0], guides[0]] }],
    ["a fallback that nobody is", { channels: [{ ...guides[0], fallback: "pigeon" }] }],
    [
      "a header of two lines",
      { channels: [{ type: "webhook", config: { url: "https://a.example", headers: { a: "b\r\nc" } } }] },
    ],
    [
      "a sender of two lines",
      { channels: [{ type: "email", config: { recipients: ["a@b.example"], from: "a@b.example\nBcc: c" } }] },
    ],
    [
      "a password in the clear",
      {
        channels: [
          {
            type: "email",
            config: { recipients: ["a@b.example"], smtp: { host: "x.example", tls: "none", password: "p" } },
          },
        ],
      },
    ],
    ["a figure that nobody measures", { thresholds: { mood: { warn: 1 } } }],
  ])("refuse %s", (_, group) => {
    expect(() => monitoring(group)).toThrow(SettingsError);
  });
});
