import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cancel } from "../../../embedded/pulumi";
import { projectRoot, Secret } from "../../../infra/support";
import { SmallDisk } from "../../harness/small-disk";
import type { Step } from "./moments";
import type { ReleaseTrial } from "./trial";

export const faults = [
  "clear failure",
  "hang",
  "kill -9",
  "lost database",
  "lost network",
  "disk full",
] as const;

export type Fault = (typeof faults)[number];

/** How a fault comes over a step, and goes. */
export interface Inflicted {
  /** Settings of the release that are the fault themselves, or make it one. */
  settings?: Record<string, Record<string, unknown>>;
  /** Before the command. */
  before?: (trial: ReleaseTrial) => Promise<void>;
  /** In the middle of the step; without it the fault lies in wait since before. */
  strike?: (trial: ReleaseTrial, command: { kill(signal: NodeJS.Signals): void }) => Promise<void>;
  /** When the command has ended, and the gate lets everything through again. */
  mend: (trial: ReleaseTrial) => Promise<void>;
}

const nothing = () => Promise.resolve();

const anyDay = { from: "2020-01-01", to: "2099-12-31", reason: "the dragons' feast" };

function migrationThat(phase: "expand" | "contract", how: "fail" | "hang"): Inflicted {
  return { before: (trial) => trial.spoil(phase, how), mend: (trial) => trial.spoil(phase, "well") };
}

const clearFailures: Record<Step, Inflicted> = {
  preflight: { settings: { release: { freeze: [anyDay] } }, mend: nothing },
  backup: {
    async strike({ stack, gate }) {
      await rm(join(stack.folder, "backups"), { recursive: true, force: true });
      await writeFile(join(stack.folder, "backups"), "no folder");
      await gate.mend();
    },
    mend: ({ stack }) => rm(join(stack.folder, "backups"), { force: true }),
  },
  expand: migrationThat("expand", "fail"),
  deployment: { settings: { app: { env: { NODE_OPTIONS: "--no-such-option" } } }, mend: nothing },
  verification: {
    before: (trial) => breakAValidator(trial),
    mend: (trial) => removeTheBroken(trial),
  },
  contract: migrationThat("contract", "fail"),
  record: { before: (trial) => allow(trial, { state: { $ne: "done" } }), mend: (trial) => allow(trial, {}) },
};

/** A document that its collection's validator would refuse, in data that somebody else has put there. */
function breakAValidator(trial: ReleaseTrial): Promise<void> {
  return trial.withDatabase(async (client, name) => {
    const heroes = client.db(name).collection<{ _id: string }>("characters");
    await heroes.insertOne({ _id: "broken" }, { bypassDocumentValidation: true });
  });
}

function removeTheBroken(trial: ReleaseTrial): Promise<void> {
  return trial.withDatabase(async (client, name) => {
    await client.db(name).collection<{ _id: string }>("characters").deleteOne({ _id: "broken" });
  });
}

/** The journal of releases takes only what fits. */
function allow(trial: ReleaseTrial, validator: object): Promise<void> {
  return trial.withDatabase(async (client, name) => {
    await client.db(`${name}_ops`).command({ collMod: "releases", validator });
  });
}

/** What the database is asked is not answered for longer than anybody waits for an answer: seven seconds, and five for another server. */
const frozen: Inflicted = {
  async strike({ gate }) {
    await sleep(13_000);
    await gate.mend();
  },
  mend: nothing,
};

const hangs: Record<Step, Inflicted> = {
  preflight: frozen,
  backup: frozen,
  expand: migrationThat("expand", "hang"),
  deployment: {
    settings: { app: { env: { NODE_OPTIONS: "--inspect-brk=127.0.0.1:0" }, startTimeout: "6s" } },
    mend: nothing,
  },
  verification: frozen,
  contract: migrationThat("contract", "hang"),
  record: frozen,
};

const killed: Inflicted = {
  strike: (_trial, command) => Promise.resolve(command.kill("SIGKILL")),
  mend: ({ stack }) => unlocked(stack.folder),
};

/** The lock of a process that is gone is the operator's to remove, as `dnd cancel` does it. */
async function unlocked(folder: string): Promise<void> {
  const state = { backendUrl: `file://${join(folder, "state")}`, passphrase: new Secret("") };
  await cancel({ projectDir: projectRoot, stack: "local", ...state });
}

const lostDatabase: Inflicted = {
  settings: { app: { startTimeout: "8s" } },
  strike: async (trial) => void process.kill(await trial.databaseProcess(), "SIGKILL"),
  mend: nothing,
};

/** It comes back after a while: what stays away for good is a lost database. */
const lostNetwork: Inflicted = {
  async strike({ gate }) {
    await gate.cut();
    await sleep(3000);
    await gate.mend();
  },
  mend: nothing,
};

/** All that the stack has lies on a disk of its own. */
const diskOf = ({ stack }: ReleaseTrial) => SmallDisk.at(dirname(stack.folder));

const fullDisk: Inflicted = {
  async strike(trial) {
    diskOf(trial).fill();
    await trial.gate.mend();
  },
  mend: (trial) => Promise.resolve(diskOf(trial).free()),
};

/** How a fault comes over a step. */
export function inflicted(step: Step, fault: Fault): Inflicted {
  switch (fault) {
    case "clear failure":
      return clearFailures[step];
    case "hang":
      return hangs[step];
    case "kill -9":
      return killed;
    case "lost database":
      return lostDatabase;
    case "lost network":
      return lostNetwork;
    case "disk full":
      return fullDisk;
  }
}
