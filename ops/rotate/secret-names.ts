/** What `dnd ops rotate` changes. */
export const secretNames = ["database", "fly", "backup-key", "webhooks"] as const;

export type SecretName = (typeof secretNames)[number];
