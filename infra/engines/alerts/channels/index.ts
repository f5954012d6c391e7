import type { AlertSettings, ChannelSettings } from "../settings";
import type { Channel } from "./channel";
import { emailChannel } from "./email";
import { githubChannel } from "./github";
import { pagerDutyChannel } from "./pagerduty";
import { slackChannel } from "./slack";
import { webhookChannel } from "./webhook";

export type { Channel, Sending } from "./channel";

/** The ways to reach people that a stack's settings name. */
export function channelsOf({ monitoring }: Pick<AlertSettings, "monitoring">): Channel[] {
  return monitoring.channels.map(channelOf);
}

function channelOf(settings: ChannelSettings): Channel {
  switch (settings.type) {
    case "slack":
      return slackChannel(settings);
    case "email":
      return emailChannel(settings);
    case "pagerduty":
      return pagerDutyChannel(settings);
    case "webhook":
      return webhookChannel(settings);
    case "github":
      return githubChannel(settings);
  }
}
