import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeAtomically } from "../../drivers/files";

const journalSchema = z.object({
  version: z.literal(1),
  since: z.string(),
  /** "settled": the gate has passed and only clearing up is left. */
  phase: z.enum(["replacing", "settled"]),
  /** The machines that made up the app before, and whether each of them served. */
  before: z.array(z.object({ id: z.string(), served: z.boolean() })),
  /** The port that it answered on. */
  port: z.int().nullable(),
  /** What the update started: written down first, so that nothing it leaves behind is unknown. */
  started: z.array(z.string()),
});

export type UpdateRecord = z.infer<typeof journalSchema>;

/** The one update of the machines that is under way; it stands until the update is settled or undone. */
export class UpdateJournal {
  private constructor(
    private readonly path: string,
    private current: UpdateRecord | undefined,
  ) {}

  static async open(folder: string): Promise<UpdateJournal> {
    const path = join(folder, "update.json");
    return new UpdateJournal(path, await readJson(path, journalSchema));
  }

  get record(): UpdateRecord | undefined {
    return this.current;
  }

  /** Begins an update, or goes on with the one that was cut off: its way back stays the way back. */
  async begin(before: UpdateRecord["before"], port: number | null): Promise<UpdateRecord> {
    const since = new Date().toISOString();
    return this.write(this.current ?? { version: 1, since, phase: "replacing", before, port, started: [] });
  }

  async willStart(id: string): Promise<void> {
    const record = this.required();
    await this.write({ ...record, started: [...record.started, id] });
  }

  async settle(): Promise<void> {
    await this.write({ ...this.required(), phase: "settled" });
  }

  async close(): Promise<void> {
    await rm(this.path, { force: true });
    this.current = undefined;
  }

  private required(): UpdateRecord {
    if (!this.current) throw new Error("no update was begun");
    return this.current;
  }

  private async write(record: UpdateRecord): Promise<UpdateRecord> {
    await writeAtomically(this.path, JSON.stringify(record, null, 2), { fsync: true });
    this.current = record;
    return record;
  }
}
