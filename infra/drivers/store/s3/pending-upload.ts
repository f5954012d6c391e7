import { randomUUID } from "node:crypto";
import type { CompletedPart } from "@aws-sdk/client-s3";
import { retry } from "../../../support";
import type { PendingObject } from "../contract";
import { sdk } from "./client";
import { isPassing } from "./failures";
import { checksum, markedAs, putWhole, writeOnce, type Target } from "./put-whole";
import type { Send } from "./sender";

/** Ten thousand parts are the most: archives up to 117 GiB. */
const partBytes = 12 * 1024 * 1024;
/** With the part being filled and the one that waits for its turn 48 MiB of memory, however large the archive is. */
const partsAtOnce = 2;

/** Requests that end with an interruption, and those that clean up after it. */
export interface Requests {
  send: Send;
  cleanUp: Send;
}

/** An object sent in parts that the service shows to nobody before they are completed. */
export class PendingUpload implements PendingObject {
  #filling = Buffer.allocUnsafe(partBytes);
  #filled = 0;
  #bytes = 0;
  #upload: Promise<string> | undefined;
  #parts: CompletedPart[] = [];
  #sending = new Set<Promise<void>>();
  #failure: { cause: unknown } | undefined;
  #settled = false;

  private readonly target: Target;

  constructor(
    private readonly requests: Requests,
    target: Target,
    private readonly once: boolean,
    private readonly guard: <T>(work: () => Promise<T>) => Promise<T>,
  ) {
    this.target = once ? markedAs(randomUUID(), target) : target;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.guard(async () => {
      for (let at = 0; at < bytes.length;) {
        const taken = bytes.subarray(at, at + partBytes - this.#filled);
        this.#filling.set(taken, this.#filled);
        this.#filled += taken.length;
        at += taken.length;
        if (this.#filled === partBytes) await this.#sendFilled();
      }
      this.#bytes += bytes.length;
    });
  }

  commit(): Promise<void> {
    return this.guard(async () => {
      if (this.#upload === undefined) await this.#putFilled();
      else await this.#complete();
      this.#settled = true;
    });
  }

  async abandon(): Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
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
    const body = this.#filling.subarray(0, this.#filled);
    this.#filling = Buffer.allocUnsafe(partBytes);
    this.#filled = 0;
    this.#upload ??= this.#begin();
    const UploadId = await this.#upload;
    while (this.#sending.size >= partsAtOnce) await Promise.race(this.#sending);
    this.#throwFailure();
    const PartNumber = this.#parts.push({ PartNumber: this.#parts.length + 1 });
    const sending = this.#sendPart(UploadId, PartNumber, body)
      .catch((cause: unknown) => {
        this.#failure ??= { cause };
      })
      .finally(() => this.#sending.delete(sending));
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
