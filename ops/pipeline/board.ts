import { partsOfUrn, type OperationEvent } from "../engine";

/** One line of the pipeline: a step of the release, or another resource that something is done with. */
export interface Row {
  name: string;
  isStep: boolean;
  state: "waiting" | "working" | "done" | "unchanged" | "failed";
  op: string;
  startedAt: number | null;
  durationMs: number | null;
  /** What it said last: how much of how much, how fast, how long it will take; of what is done, what is worth keeping. */
  said: string;
}

/** The steps of a release in their order, by the names that the program gives them. */
const steps = [
  "preflight",
  "backup",
  "restore",
  "expand-migrations",
  "app-machines",
  "verification",
  "contract-migrations",
  "record",
];
/** The step whose last words are the plan: they stay. */
const planned = "preflight";
/** Steps that most releases do without. */
const rare = new Set(["restore"]);

/** What is known of a running operation, from the events that both engines tell. */
export class Board {
  readonly #rows = new Map<string, Row>();

  constructor(private readonly now: () => number = () => performance.now()) {
    for (const name of steps) this.#rows.set(name, empty(name, true));
  }

  tell(event: OperationEvent): void {
    const { type, name } = partsOfUrn(event.urn);
    const isStep = steps.includes(name);
    if (!isStep && (type === "pulumi:pulumi:Stack" || type.startsWith("dnd:"))) return;
    const key = isStep ? name : event.urn;
    if (event.kind === "progress") {
      const row = this.#rows.get(key);
      if (row) row.said = event.message.split("\n")[0] ?? "";
      return;
    }
    const quiet = event.op === "same" || event.op === "read" || event.op === "refresh";
    if (quiet && !isStep) return;
    const row = this.#rows.get(key) ?? empty(name, isStep);
    this.#rows.set(key, row);
    row.op = event.op;
    if (event.kind === "step-started") {
      row.state = "working";
      row.startedAt ??= this.now();
      return;
    }
    row.state = event.failed ? "failed" : quiet ? "unchanged" : "done";
    row.durationMs = event.durationMs;
    if (name !== planned || event.failed) row.said = "";
  }

  /**
   * The lines as they stand; steps that nobody has begun and most releases do without are left out. Where fewer fit,
   * resources beside the steps that are done or wait go first.
   */
  rows(most = Infinity): Row[] {
    const all = [...this.#rows.values()].filter(
      ({ name, state }) => !rare.has(name) || state === "working" || state === "done" || state === "failed",
    );
    if (all.length <= most) return all;
    const pressing = all.filter(({ isStep, state }) => isStep || state === "working" || state === "failed");
    return pressing.slice(-most);
  }

  /** How long a line has taken so far. */
  elapsed({ durationMs, startedAt }: Row): number | null {
    return durationMs ?? (startedAt === null ? null : this.now() - startedAt);
  }
}

function empty(name: string, isStep: boolean): Row {
  return { name, isStep, state: "waiting", op: "", startedAt: null, durationMs: null, said: "" };
}
