import { postJson, type HookAnswer, type SendOutcome } from "../../../drivers/web-hooks";
import type { Letter } from "../outbox/letter";
import type { GithubChannel } from "../settings";
import type { Channel, Sending } from "./channel";

const descriptionAtMost = 140;

/** What GitHub calls the state that an event brings a deployment into. */
const states: Partial<Record<Letter["event"], string>> = {
  started: "in_progress",
  "step-failed": "failure",
  failed: "failure",
  undone: "inactive",
  done: "success",
  test: "queued",
};

/** GitHub's deployments: a release of a commit, and how it stands. */
export function githubChannel(settings: GithubChannel): Channel {
  const { name, minimum, fallback } = settings;
  return {
    ...{ type: "github", name, minimum, fallback },
    takes: ({ about, event }) => about === "release" && states[event] !== undefined,
    async send(sending) {
      const { letter, receipt } = sending.message;
      const known = sending.threadReceipt?.deployment ?? receipt?.deployment;
      if (known !== undefined) return setState(settings, known, sending);
      if (letter.commit === undefined)
        return { kind: "refused", detail: "GitHub knows deployments by their commit, and this has none" };
      const made = await createDeployment(settings, letter.commit, sending);
      const id =
        made.outcome.kind === "delivered" ? (made.body as { id?: unknown } | undefined)?.id : undefined;
      if (typeof id === "number") return setState(settings, String(id), sending);
      if (made.outcome.kind !== "delivered") return made.outcome;
      return { kind: "refused", detail: `${made.outcome.detail}, and named no deployment` };
    },
  };
}

function createDeployment(settings: GithubChannel, commit: string, sending: Sending): Promise<HookAnswer> {
  const { letter } = sending.message;
  const body = {
    ref: commit,
    environment: letter.environment,
    description: letter.title.slice(0, descriptionAtMost),
    auto_merge: false,
    // What must hold before a release is asked by our own gates.
    required_contexts: [],
    production_environment: letter.environment === "production",
    ...(letter.release !== undefined && { payload: { release: letter.release } }),
  };
  return call(settings, "deployments", body, sending);
}

async function setState(settings: GithubChannel, id: string, sending: Sending): Promise<SendOutcome> {
  const { letter } = sending.message;
  const body = {
    state: states[letter.event] ?? "pending",
    description: letter.title.slice(0, descriptionAtMost),
    environment: letter.environment,
  };
  const { outcome } = await call(settings, `deployments/${id}/statuses`, body, sending);
  return outcome.kind === "refused" ? outcome : { ...outcome, receipt: { deployment: id } };
}

function call(
  { config }: GithubChannel,
  path: string,
  body: object,
  { deadlineMs, signal }: Sending,
): Promise<HookAnswer> {
  if (config.token === undefined)
    return Promise.resolve({ outcome: { kind: "refused", detail: "no token is set" }, body: undefined });
  return postJson({
    url: `${config.apiUrl.replace(/\/+$/, "")}/repos/${config.repository}/${path}`,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${config.token.reveal()}`,
      "user-agent": "dnd-tracker",
      "x-github-api-version": "2022-11-28",
    },
    body,
    ...{ deadlineMs, signal },
  });
}
