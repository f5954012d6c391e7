import * as pulumi from "@pulumi/pulumi";
import { DeclaredTypes, misfitsOf } from "../stand-ins/plugins";
import { readDeployments } from "../../deployments/settings";

interface Asked {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const asked: Asked[] = [];
const types = new DeclaredTypes("@pulumi/pulumiservice");
const secretMark = "4dabf18193072939515e22adb298388d";
const role = (of: string) => `arn:aws:iam::111122223333:role/${of}`;
const commit = "0123456789abcdef0123456789abcdef01234567";
const wanted = {
  organization: "guild",
  repository: "guild/dnd-tracker",
  webHook: { url: "https://hooks.example/secret" },
  staging: { awsRole: role("staging") },
  production: { awsRole: role("production"), tag: "v1.4.0", commit, approvers: ["masters"] },
  review: { awsRole: role("review") },
};

const configOf = (groups: object) =>
  Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [
      `dnd-tracker-deployments:${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      asked.push({ type, name, inputs: inputs as Asked["inputs"] });
      return { id: `${name}-id`, state: inputs as object };
    },
    call: () => ({}),
  });
  const { deployments } = await import("../../deployments/deployments");
  deployments(readDeployments(configOf(wanted)));
  await pulumi.runtime.disconnect();
});

const of = (kind: string, stack: string) =>
  asked.find(({ type, inputs }) => type.endsWith(`:${kind}`) && (inputs.stack ?? inputs.stackName) === stack)
    ?.inputs;

test("every resource is as the package's own types have it", () => {
  const own = asked.filter(({ type }) => type.startsWith("pulumiservice:"));
  expect(own.map(({ name }) => name).sort()).toEqual([
    ...["production", "production-approval", "production-drift", "production-told"],
    ...["review", "staging", "staging-drift", "staging-told"],
  ]);
  for (const { type, name, inputs } of own) {
    // As the engine marks them.
    const plain = JSON.parse(JSON.stringify(inputs, unwrapped)) as object;
    const declared = types.resource(type);
    expect(declared && misfitsOf(plain, declared.inputs, name)).toEqual([]);
  }
});

test("a push deploys staging, and shows a pull request what it would change there", () => {
  expect(of("DeploymentSettings", "staging")).toMatchObject({
    sourceContext: { git: { branch: "main" } },
    vcs: { repository: "guild/dnd-tracker", deployCommits: true, previewPullRequests: true },
  });
});

test("production is at one commit, deployed by nobody's push, and what it runs with is changed by leave of others", () => {
  expect(of("DeploymentSettings", "production")).toMatchObject({
    sourceContext: { git: { commit } },
    vcs: { deployCommits: false, previewPullRequests: false, pullRequestTemplate: false },
  });
  expect(asked.find(({ type }) => type.endsWith(":ApprovalRule"))?.inputs).toMatchObject({
    enabled: true,
    targetActionTypes: ["update"],
    environmentIdentifier: { organization: "guild", project: "dnd-tracker", name: "production" },
    approvalRuleConfig: {
      allowSelfApproval: false,
      eligibleApprovers: [{ teamName: "masters" }],
      requireReapprovalOnChange: true,
      numApprovalsRequired: 1,
    },
  });
});

test("what happens to a stack is told at an address that is a secret, and of a pull request's stack to nobody", () => {
  for (const stack of ["staging", "production"]) {
    const hook = of("Webhook", stack);
    expect(hook).toMatchObject({ active: true, organizationName: "guild", format: "slack" });
    expect(hook?.payloadUrl).toHaveProperty([secretMark]);
    expect(hook?.filters).toEqual(
      expect.arrayContaining(["update_failed", "deployment_failed", "drift_detected"]),
    );
  }
  expect(of("Webhook", "pr")).toBeUndefined();
  expect(of("DriftSchedule", "pr")).toBeUndefined();
});

test("a run takes what the lock file has and lets no package run by itself, before anything else", () => {
  for (const stack of ["staging", "production", "pr"]) {
    const settings = of("DeploymentSettings", stack) as
      { operationContext: { preRunCommands: string[]; options: object } } | undefined;
    expect(settings?.operationContext.preRunCommands[0]).toMatch(/^npm ci --ignore-scripts/);
    expect(settings?.operationContext.options).toMatchObject({
      skipInstallDependencies: true,
      deleteAfterDestroy: stack === "pr",
    });
  }
});

test("a pull request's stack takes its pattern, gets an end before it is made, and is deleted with what it made", () => {
  const review = of("DeploymentSettings", "pr");
  expect(review).toMatchObject({
    vcs: { pullRequestTemplate: true, deployCommits: false },
    operationContext: { options: { deleteAfterDestroy: true } },
  });
  expect(JSON.stringify(review)).toContain("node deployments/live-until.mjs 72h");
});

test("every stack comes to AWS without a key, and its drift is looked for and mended by nobody unasked", () => {
  for (const stack of ["staging", "production"]) {
    expect(of("DeploymentSettings", stack)).toMatchObject({
      operationContext: { oidc: { aws: { roleARN: role(stack), duration: "1h0m0s" } } },
    });
    expect(of("DriftSchedule", stack)).toMatchObject({ autoRemediate: false });
  }
});

test("wrong settings are named all at once", () => {
  const { staging: _none, ...rest } = wanted;
  const wrong = { ...rest, production: { ...wanted.production, commit: "v1.4.0" } };
  expect(() => readDeployments(configOf(wrong))).toThrow(
    /production\.commit[^]*staging|staging[^]*production\.commit/,
  );
});

/** A secret goes to a provider under a mark of its own. */
function unwrapped(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(secretMark in value)) return value;
  return (value as Record<string, unknown>).value;
}
