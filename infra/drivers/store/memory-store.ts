import { Readable } from "node:stream";
import type { ArchiveStore, PendingObject, StoredObject } from "./contract";
import { objectMissing } from "./errors";

/** A store that forgets: for tests that want to look at, or to break, what is in it. */
export class MemoryStore implements ArchiveStore {
  readonly location: string = "memory:";
  readonly objects = new Map<string, Buffer>();

  addressOf(name: string): string {
    return `${this.location}/${name}`;
  }

  create(name: string): Promise<PendingObject> {
    let chunks: Buffer[] = [];
    return Promise.resolve({
      write: async (bytes: Uint8Array) => {
        chunks.push(Buffer.from(bytes));
      },
      commit: async () => {
        this.objects.set(name, Buffer.concat(chunks));
      },
      abandon: async () => {
        chunks = [];
      },
    });
  }

  async put(name: string, text: string): Promise<void> {
    this.objects.set(name, Buffer.from(text));
  }

  async read(name: string): Promise<Readable> {
    const bytes = this.objects.get(name);
    if (!bytes) throw objectMissing(this.location, name);
    return Readable.from(slices(bytes), { objectMode: false });
  }

  async get(name: string): Promise<string | undefined> {
    return this.objects.get(name)?.toString();
  }

  async list(folder?: string): Promise<StoredObject[]> {
    return [...this.objects]
      .filter(([name]) => folder === undefined || name.startsWith(`${folder}/`))
      .map(([name, bytes]) => ({ name, bytes: bytes.length }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async delete(name: string): Promise<void> {
    this.objects.delete(name);
  }

  async whyNotWritable(): Promise<string | undefined> {
    return undefined;
  }
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
