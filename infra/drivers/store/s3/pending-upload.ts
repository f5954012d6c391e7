import { randomUUID } from "node:crypto";
import type { CompletedPart } from "@aws-sdk/client-s3";
import { retry } from "../../../support";
import type { PendingObject } from "../contract";
import { sdk } from "./client";
import { isPassing } from "./failures";
import { checksum, markedAs, putWhole, writeOnce, type Target } from "./put-whole";
import type { Send } from "./sender";

/** The least that a service takes. */
const leastPartBytes = 5 * 1024 * 1024;
/** Ten thousand are the most that it takes; all of one size, as some services want. */
const mostParts = 10_000;
/** With the part being filled 15 MiB of memory, for archives up to 48 GiB. */
const partsAtOnce = 2;

/** Requests that end with an interruption, and those that clean up after it. */
export interface Requests {
  send: Send;
  cleanUp: Send;
}

/** An object sent in parts that the service shows to nobody before they are completed. */
export class PendingUpload implements PendingObject {
  readonly #partBytes: number;
  #filling: Buffer;
  #filled = 0;
  /** Used again: left to the collector they would pile up between its rounds. */
  #spare: Buffer[] = [];
  #bytes = 0;
  #upload: Promise<string> | undefined;
  #parts: CompletedPart[] = [];
  #sending = new Set<Promise<void>>();
  #failure: { cause: unknown } | undefined;
  #settled = false;

  private readonly target: Target;
  private readonly once: boolean;

  constructor(
    private readonly requests: Requests,
    target: Target,
    { once, bytes = 0 }: { once: boolean; bytes?: number | undefined },
    private readonly guard: <T>(work: () => Promise<T>) => Promise<T>,
  ) {
    this.once = once;
    this.target = once ? markedAs(randomUUID(), target) : target;
    this.#partBytes = Math.max(leastPartBytes, Math.ceil(bytes / mostParts));
    this.#filling = Buffer.allocUnsafe(this.#partBytes);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.guard(async () => {
      for (let at = 0; at < bytes.length;) {
        const taken = bytes.subarray(at, at + this.#partBytes - this.#filled);
        this.#filling.set(taken, this.#filled);
        this.#filled += taken.length;
        at += taken.length;
        if (this.#filled === this.#partBytes) await this.#sendFilled();
      }
      this.#bytes += bytes.length;
    });
  }

  commit(): Promise<void> {
    return this.guard(async () => {
      if (this.#upload === undefined) await this.#putFilled();
      else await this.#complete();
      this.#settle();
    });
  }

  async abandon(): Promise<void> {
    if (this.#settled) return;
    this.#settle();
    this.#failure ??= { cause: new Error("the upload was abandoned") };
    await Promise.all(this.#sending);
    const UploadId = await this.#upload?.catch(() => undefined);
    if (UploadId === undefined) return;
    const { AbortMultipartUploadCommand } = sdk();
    const { Bucket, Key } = this.target;
    // Where the service is gone, the next run aborts it.
    await this.requests
      .cleanUp(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
      .catch(() => undefined);
  }

  /** Its buffers are not held until somebody forgets the object. */
  #settle(): void {
    this.#settled = true;
    this.#filling = Buffer.alloc(0);
    this.#spare = [];
  }

  #putFilled(): Promise<void> {
    return putWhole(this.requests.send, this.target, this.#filling.subarray(0, this.#filled), this.once);
  }

  async #complete(): Promise<void> {
    if (this.#filled > 0) await this.#sendFilled();
    await Promise.all(this.#sending);
    this.#throwFailure();
    const UploadId = await this.#upload;
    const { CompleteMultipartUploadCommand } = sdk();
    const { Bucket, Key } = this.target;
    const Parts = this.#parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    const complete = (condition: { IfNoneMatch?: "*" }) =>
      this.requests
        .send(
          new CompleteMultipartUploadCommand({
            ...{ Bucket, Key, UploadId, ...condition },
            MultipartUpload: { Parts },
          }),
        )
        .catch(async (error: unknown) => {
          // An answer that got lost: a second try finds no upload, but the object.
          if ((error as Error).name !== "NoSuchUpload" || !(await this.#isThere())) throw error;
        });
    await (this.once ? writeOnce(this.requests.send, this.target, complete) : complete({}));
  }

  async #isThere(): Promise<boolean> {
    const { HeadObjectCommand } = sdk();
    const { Bucket, Key } = this.target;
    const seen = await this.requests.send(new HeadObjectCommand({ Bucket, Key }));
    return seen.ContentLength === this.#bytes;
  }

  /** Waits only when enough is under way. */
  async #sendFilled(): Promise<void> {
    this.#upload ??= this.#begin();
    const UploadId = await this.#upload;
    while (this.#sending.size >= partsAtOnce) await Promise.race(this.#sending);
    this.#throwFailure();
    const buffer = this.#filling;
    const body = buffer.subarray(0, this.#filled);
    this.#filling = this.#spare.pop() ?? Buffer.allocUnsafe(this.#partBytes);
    this.#filled = 0;
    const PartNumber = this.#parts.push({ PartNumber: this.#parts.length + 1 });
    const sending = this.#sendPart(UploadId, PartNumber, body)
      .catch((cause: unknown) => {
        this.#failure ??= { cause };
      })
      .finally(() => {
        this.#sending.delete(sending);
        this.#spare.push(buffer);
      });
    this.#sending.add(sending);
  }

  async #begin(): Promise<string> {
    const { CreateMultipartUploadCommand } = sdk();
    const wanted = new CreateMultipartUploadCommand({ ...this.target, ChecksumAlgorithm: "SHA256" });
    const { UploadId } = await this.requests.send(wanted);
    if (UploadId === undefined) throw new Error("the service named no upload");
    return UploadId;
  }

  async #sendPart(UploadId: string, PartNumber: number, Body: Buffer): Promise<void> {
    const { Bucket, Key } = this.target;
    const ChecksumSHA256 = checksum(Body);
    const { UploadPartCommand } = sdk();
    const part = { Bucket, Key, UploadId, PartNumber, Body, ChecksumSHA256 };
    const sent = await retry(
      async (attempt) =>
        (attempt > 1 ? await this.#sentBefore(UploadId, PartNumber, ChecksumSHA256) : undefined) ??
        (await this.requests.send(new UploadPartCommand(part))).ETag,
      {
        attempts: 2,
        firstDelayMs: 500,
        retryable: (error) => this.#failure === undefined && isPassing(error),
      },
    );
    this.#parts[PartNumber - 1] = { PartNumber, ChecksumSHA256, ETag: sent };
  }

  /** A part whose answer got lost is there already. */
  async #sentBefore(UploadId: string, number: number, checksum: string): Promise<string | undefined> {
    const { ListPartsCommand } = sdk();
    const { Bucket, Key } = this.target;
    const PartNumberMarker = String(number - 1);
    const asked = new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker, MaxParts: 1 });
    const [part] = (await this.requests.send(asked)).Parts ?? [];
    return part?.PartNumber === number && part.ChecksumSHA256 === checksum ? part.ETag : undefined;
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.cause;
  }
}
