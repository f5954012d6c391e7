import type { Secret } from "../../support";
import type { AlertLevel } from "./alert";
import type { Thresholds } from "./rules/wanted-rules";

/** What all channels have. */
interface AnyChannel {
  /** Unique; its type unless given. */
  name: string;
  minimum: AlertLevel;
  /** The channel that stands in while this one fails. */
  fallback?: string | undefined;
}

export interface SlackChannel extends AnyChannel {
  type: "slack";
  config: {
    /** Either a web hook's address, or a bot's token, with which messages go into threads. */
    webhook?: Secret | undefined;
    token?: Secret | undefined;
    channel?: string | undefined;
    username?: string | undefined;
    apiUrl: string;
  };
}

export interface EmailChannel extends AnyChannel {
  type: "email";
  config: {
    recipients: string[];
    from: string;
    smtp: {
      host: string;
      port: number;
      tls: "implicit" | "required" | "none";
      user?: string | undefined;
      password?: Secret | undefined;
    };
  };
}

export interface PagerDutyChannel extends AnyChannel {
  type: "pagerduty";
  config: { integrationKey?: Secret | undefined; urgency: "high" | "low"; eventsUrl: string };
}

export interface WebhookChannel extends AnyChannel {
  type: "webhook";
  config: { url: string; secret?: Secret | undefined; headers: Record<string, string> };
}

export interface GithubChannel extends AnyChannel {
  type: "github";
  config: { repository: string; token?: Secret | undefined; apiUrl: string };
}

export type ChannelSettings = SlackChannel | EmailChannel | PagerDutyChannel | WebhookChannel | GithubChannel;

/** As much of a stack's settings as alerts go by. */
export interface AlertSettings {
  environment: string;
  /** Whether maintenance goes on whatever the switch in the database says. */
  maintenance?: boolean | undefined;
  monitoring: {
    channels: readonly ChannelSettings[];
    thresholds: Thresholds;
    /** In milliseconds; null: a warning stays one. */
    escalateAfter: number | null;
    remindAfter: { warning: number; critical: number };
  };
}
