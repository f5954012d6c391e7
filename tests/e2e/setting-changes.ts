type Groups = Record<string, Record<string, unknown>>;

export interface SettingChange {
  what: string;
  change: Groups;
  /** What a preview would do, each as `operation name`, sorted. */
  steps: string[];
}

const release = [
  ...["app-machines", "backup", "contract-migrations", "expand-migrations"],
  ...["preflight", "record", "verification"],
].map((name) => `update ${name}`);
const alerts = ["connections", "disk", "no-primary", "oplog", "processor"].map(
  (key) => `update database-alert-${key}`,
);

/** Twenty changes of settings of a production stack, and exactly what each of them may touch. */
export function settingChanges(imageOf: (tag: string) => string): SettingChange[] {
  return [
    {
      what: "a check that asks less often",
      change: { app: { checks: { interval: "4s", timeout: "2s", gracePeriod: "1s", bake: "200ms" } } },
      steps: ["update app-machines"],
    },
    { what: "another image", change: { app: { image: imageOf("v2") } }, steps: release },
    { what: "more machines", change: { app: { machines: 4 } }, steps: ["update app-machines"] },
    { what: "larger machines", change: { app: { memory: 4096 } }, steps: ["update app-machines"] },
    { what: "another strategy", change: { app: { strategy: "bluegreen" } }, steps: [] },
    {
      what: "another tier",
      change: { database: { tier: "M20", largestTier: "M20" } },
      steps: ["update database-cluster"],
    },
    {
      what: "a tier to grow to",
      change: { database: { largestTier: "M30" } },
      steps: ["update database-cluster"],
    },
    {
      what: "another version of the server",
      change: { database: { version: "8.1" } },
      steps: ["update database-cluster"],
    },
    { what: "longer to drain", change: { app: { drainTimeout: "20s" } }, steps: ["update app-machines"] },
    {
      what: "another address let in",
      change: { database: { accessList: ["203.0.113.9/32"] } },
      steps: ["create database-access-203.0.113.9/32"],
    },
    { what: "another way in for who deploys", change: { database: { reach: "listed" } }, steps: [] },
    {
      what: "other people told",
      change: { database: { alertEmails: ["guild@example.com"] } },
      steps: alerts,
    },
    {
      what: "another time for maintenance",
      change: { database: { maintenance: { hour: 4 } } },
      steps: ["update database-maintenance"],
    },
    {
      what: "a longer way back",
      change: { database: { restoreWindowDays: 14 } },
      steps: ["update database-snapshots"],
    },
    { what: "a longer retention", change: { backup: { retention: { days: 60 } } }, steps: [] },
    {
      what: "a cheaper class",
      change: { backup: { bucket: { accessLogs: "platform:logs", archiveClass: "GLACIER_IR" } } },
      steps: ["update backups-lifecycle"],
    },
    {
      what: "a log kept elsewhere",
      change: { backup: { bucket: { accessLogs: "other-logs" } } },
      steps: ["update backups-logging"],
    },
    {
      what: "a window for releases",
      change: { release: { window: { from: "09:00", to: "17:00" } } },
      steps: [],
    },
    { what: "no restore tests", change: { release: { restoreTestWithin: "60d" } }, steps: [] },
    { what: "a schema that its code lives with", change: { migrations: { requireDown: true } }, steps: [] },
  ];
}

/** Changes in as few previews as show of each what it touches: none of a preview shares a step or a setting with another. */
export function inPreviews(all: readonly SettingChange[]): SettingChange[][] {
  const quiet = all.filter(({ steps }) => steps.length === 0);
  const previews = [quiet];
  for (const one of all.filter((change) => !quiet.includes(change))) {
    const room = previews.slice(1).find((others) => !others.some((other) => meet(one, other)));
    if (room) room.push(one);
    else previews.push([one]);
  }
  return previews;
}

function meet(one: SettingChange, other: SettingChange): boolean {
  const of = ({ steps, change }: SettingChange) => [
    ...steps,
    ...Object.entries(change).flatMap(([group, settings]) =>
      Object.keys(settings).map((name) => `${group}.${name}`),
    ),
  ];
  const taken = new Set(of(other));
  return of(one).some((name) => taken.has(name));
}

/** One change that is all of these; they set nothing twice. */
export function together(changes: readonly SettingChange[]): SettingChange {
  const change: Groups = {};
  for (const one of changes)
    for (const [group, settings] of Object.entries(one.change))
      change[group] = { ...change[group], ...settings };
  return {
    what: changes.map(({ what }) => what).join(", "),
    change,
    steps: changes.flatMap(({ steps }) => steps),
  };
}
