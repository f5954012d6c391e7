import * as pulumi from "@pulumi/pulumi";
import * as cloud from "@pulumi/pulumiservice";

/** What is deployed where, and by whose leave. */
export interface DeployedStackArgs {
  organization: string;
  project: string;
  stack: string;
  repository: string;
  /** A branch, or one commit. */
  source: { branch: string } | { commit: string };
  image: string;
  awsRole: string;
  /** Which events of the repository deploy. */
  triggers: Pick<
    cloud.types.input.DeploymentSettingsVcsArgs,
    "deployCommits" | "previewPullRequests" | "pullRequestTemplate"
  >;
  /** Run before the operation, after the program's packages are there. */
  preRunCommands?: string[];
  /** Of a stack that is gone with its pull request. */
  shortLived?: boolean;
  driftCron?: string;
  webHook?: { url: string; format: "raw" | "slack" | "ms_teams" } | undefined;
}

/** What a run needs of this project, exactly as the lock file has it, and nothing that a package would run by itself. */
const installed = "npm ci --ignore-scripts --no-audit --no-fund";

/** How Pulumi Cloud deploys one stack: from where, with what, when it looks for drift and whom it tells. */
export class DeployedStack extends pulumi.ComponentResource {
  constructor(name: string, args: DeployedStackArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:deployments:DeployedStack", name, {}, options);
    const { organization, project, stack, driftCron, webHook } = args;
    const of = { organization, project, stack };
    const settings = new cloud.DeploymentSettings(name, { ...of, ...settingsOf(args) }, { parent: this });
    // A schedule of a stack without settings is refused.
    const after = { parent: this, dependsOn: settings };
    if (driftCron !== undefined)
      new cloud.DriftSchedule(
        `${name}-drift`,
        { ...of, scheduleCron: driftCron, autoRemediate: false },
        after,
      );
    if (webHook !== undefined)
      new cloud.Webhook(
        `${name}-told`,
        {
          ...{ organizationName: organization, projectName: project, stackName: stack },
          ...{ active: true, displayName: `${stack} of ${project}` },
          ...{ payloadUrl: pulumi.secret(webHook.url), format: webHook.format },
          filters: [...told],
        },
        after,
      );
    this.registerOutputs();
  }
}

/** What people want to know of a stack; the rest is noise. */
const told = [
  "update_succeeded",
  "update_failed",
  "destroy_succeeded",
  "destroy_failed",
  "deployment_failed",
  "drift_detected",
  "drift_detection_failed",
] as const;

function settingsOf(args: DeployedStackArgs) {
  const {
    repository,
    source,
    image,
    awsRole,
    triggers,
    stack,
    preRunCommands = [],
    shortLived = false,
  } = args;
  const aws = { roleARN: awsRole, sessionName: `deploy-${stack}`, duration: "1h0m0s" };
  return {
    sourceContext: { git: source },
    vcs: { provider: "github", repository, ...triggers },
    executorContext: { executorImage: image },
    cacheOptions: { enable: true },
    operationContext: {
      oidc: { aws },
      preRunCommands: [installed, ...preRunCommands],
      options: {
        skipInstallDependencies: true,
        // Of several pushes while one is deployed only the newest is deployed then.
        skipIntermediateDeployments: true,
        deleteAfterDestroy: shortLived,
      },
    },
  };
}
