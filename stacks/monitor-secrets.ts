import { channelSecrets, channelSecretsVariable } from "./alert-settings";
import type { Settings } from "./settings";

/** What a monitor is told by its environment alone, by the names of the variables: its token, and what opens its channels. */
export function monitorSecrets({ monitoring }: Pick<Settings, "monitoring">): Record<string, string> {
  const { token, channels } = monitoring;
  const opened = Object.entries(channelSecrets(channels)).map(([name, secret]) => [name, secret.reveal()]);
  return {
    ...(token ? { MONITORING_TOKEN: token.reveal() } : {}),
    ...(opened.length > 0 ? { [channelSecretsVariable]: JSON.stringify(Object.fromEntries(opened)) } : {}),
  };
}
