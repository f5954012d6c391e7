import { z } from "zod";
import { dependencies } from "../package.json";

const role = z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, "the ARN of a role of AWS");
const cron = z.string().regex(/^(\S+ ){4}\S+$/, "five fields of cron, as 0 5 * * *");

const deployed = {
  /** What a run may do at AWS; it gets in by OpenID Connect, for an hour, and no key is kept. */
  awsRole: role,
  /** When to look whether somebody changed what is deployed. */
  driftCron: cron.default("0 5 * * *"),
};

/** What Pulumi Cloud is told of this project's stacks; wrong settings come all at once. */
export const deploymentSettings = z.strictObject({
  /** At Pulumi Cloud. */
  organization: z.string().min(1),
  /** The project whose stacks are deployed. */
  project: z.string().default("dnd-tracker"),
  /** `owner/name` at GitHub. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "owner/name"),
  /** What runs deploy with; Pulumi's own image of the very version that the program is written for unless given. */
  image: z.string().default(`pulumi/pulumi-nodejs-22:${dependencies["@pulumi/pulumi"]}`),
  /** Told of what happens to staging and production; nobody unless given. */
  webHook: z
    .strictObject({
      url: z.url({ protocol: /^https$/ }),
      format: z.enum(["raw", "slack", "ms_teams"]).default("slack"),
    })
    .optional(),
  /** Every push to its branch is deployed. */
  staging: z.strictObject({ ...deployed, branch: z.string().default("main") }),
  /** What a tag names is deployed, when somebody says so. */
  production: z.strictObject({
    ...deployed,
    tag: z.string().regex(/^v\d+\.\d+\.\d+$/, "a version such as v1.4.0"),
    /** What the tag points to: a tag can be moved, a commit cannot. */
    commit: z.string().regex(/^[0-9a-f]{40}$/, "the 40 digits of `git rev-parse TAG^{commit}`"),
    /** Teams whose members approve what production runs with; never whoever wrote the change. */
    approvers: z.array(z.string().min(1)).min(1, "at least one team"),
    approvals: z.int().min(1).max(10).default(1),
  }),
  /** A stack for every pull request; none without it. */
  review: z
    .strictObject({
      awsRole: role,
      branch: z.string().default("main"),
      /** From its making; then it is destroyed, whatever became of the pull request. */
      timeToLive: z
        .string()
        .regex(/^[1-9]\d{0,2}h$/, "hours such as 72h")
        .default("72h"),
    })
    .optional(),
});

export type DeploymentsWanted = z.infer<typeof deploymentSettings>;

const project = "dnd-tracker-deployments";

/** Reads this project's settings out of Pulumi's configuration. */
export function readDeployments(values: Record<string, string>): DeploymentsWanted {
  const own = Object.entries(values).flatMap(([key, text]) => {
    const [namespace, name = ""] = key.split(":");
    return namespace === project ? [[name, valueOf(text)]] : [];
  });
  const read = deploymentSettings.safeParse(Object.fromEntries(own));
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) => `${project}:${path.join(".")}: ${message}`);
  throw new Error(`settings are wrong:\n  ${wrong.join("\n  ")}`);
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
