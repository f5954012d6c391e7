import { approvalOf } from "./approval";
import { DeployedStack } from "./deployed-stack";
import type { DeploymentsWanted } from "./settings";

/** Pushes deploy staging, a tag and somebody's leave production, and every pull request has a stack of its own for a while. */
export function deployments(wanted: DeploymentsWanted): void {
  const { organization, project, repository, image, webHook, staging, production, review } = wanted;
  const common = { organization, project, repository, image };

  new DeployedStack("staging", {
    ...common,
    ...{ stack: "staging", awsRole: staging.awsRole, driftCron: staging.driftCron, webHook },
    source: { branch: staging.branch },
    triggers: { deployCommits: true, previewPullRequests: true, pullRequestTemplate: false },
  });

  new DeployedStack("production", {
    ...common,
    ...{ stack: "production", awsRole: production.awsRole, driftCron: production.driftCron, webHook },
    source: { commit: production.commit },
    // Nothing deploys it by itself: whoever has moved it to another tag starts the run.
    triggers: { deployCommits: false, previewPullRequests: false, pullRequestTemplate: false },
  });
  const { approvers, approvals } = production;
  approvalOf("production-approval", {
    organization,
    project,
    environment: "production",
    approvers,
    approvals,
  });

  if (review === undefined) return;
  new DeployedStack("review", {
    ...common,
    ...{ stack: "pr", awsRole: review.awsRole, source: { branch: review.branch }, shortLived: true },
    triggers: { deployCommits: false, previewPullRequests: false, pullRequestTemplate: true },
    preRunCommands: [`node deployments/live-until.mjs ${review.timeToLive}`],
  });
}
