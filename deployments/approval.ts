import type * as pulumi from "@pulumi/pulumi";
import * as cloud from "@pulumi/pulumiservice";

export interface ApprovalArgs {
  organization: string;
  project: string;
  /** The environment that the stack takes its credentials and settings from. */
  environment: string;
  /** Teams whose members may approve. */
  approvers: string[];
  approvals: number;
}

/** What a stack runs with is changed only by leave of others than whoever changes it. */
export function approvalOf(
  name: string,
  { organization, project, environment, approvers, approvals }: ApprovalArgs,
  options?: pulumi.CustomResourceOptions,
): cloud.ApprovalRule {
  return new cloud.ApprovalRule(
    name,
    {
      name: `${environment} is changed by leave`,
      enabled: true,
      environmentIdentifier: { organization, project, name: environment },
      targetActionTypes: ["update"],
      approvalRuleConfig: {
        allowSelfApproval: false,
        eligibleApprovers: approvers.map((teamName) => ({ teamName })),
        numApprovalsRequired: approvals,
        requireReapprovalOnChange: true,
      },
    },
    options,
  );
}
