import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../files";
import type { PendingObject } from "./contract";

type Guard = <T>(work: () => Promise<T>) => Promise<T>;

/** Fewer, larger writes; what is held is no copy. */
const writeBytes = 512 * 1024;

/** Under this name a file is not whole. */
export function partialPath(path: string): string {
  return `${path}.partial`;
}

/** A file under a name that says that it is not whole, until it is. */
export class PendingFile implements PendingObject {
  #isOpen = true;
  #isCommitted = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** One is on its way to the disk while the next one is gathered. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    private readonly guard: Guard,
  ) {}

  static async open(path: string, guard: Guard): Promise<PendingFile> {
    return new PendingFile(await open(partialPath(path), "w", 0o600), path, guard);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= writeBytes) await this.guard(() => this.#writeHeld());
  }

  commit(): Promise<void> {
    return this.guard(async () => {
      await this.#writeHeld();
      await this.#writing;
      await this.file.sync();
      await this.#close();
      await rename(partialPath(this.path), this.path);
      this.#isCommitted = true;
      await syncFolder(dirname(this.path));
    });
  }

  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#close();
    // Why it was given up is what counts: what cannot be removed now is told apart by its name and removed later.
    if (!this.#isCommitted) await rm(partialPath(this.path), { force: true }).catch(() => undefined);
  }

  async #writeHeld(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    await this.#writing;
    this.#writing = writeAll(this.file, held);
    // Whoever awaits it hears of a failure; until then it must not count as one that nobody handles.
    this.#writing.catch(() => undefined);
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.file.close();
  }
}

/** As many as one call takes at most. */
const mostPieces = 1024;

/** A call may write less than it was given; the next one then says why. */
async function writeAll(file: FileHandle, pieces: Uint8Array[]): Promise<void> {
  let left = pieces;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left.slice(0, mostPieces));
    left = withoutFirst(left, bytesWritten);
  }
}

function withoutFirst(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let written = bytes;
  for (const [n, piece] of pieces.entries()) {
    if (written < piece.length) return [piece.subarray(written), ...pieces.slice(n + 1)];
    written -= piece.length;
  }
  return [];
}
