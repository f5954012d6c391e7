import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
import { messageOf } from "../../../support";
import type { ArchiveStore, ObjectLock, ObjectWishes, PendingObject, StoredObject } from "../contract";
import { objectExists, objectLocked, objectMissing } from "../errors";
import { openClient, sdk } from "./client";
import { isMissing, isThereAlready, s3Failure } from "./failures";
import { lockFrom, lockOf, setHold } from "./locks";
import { PendingUpload } from "./pending-upload";
import { addressIn, type S3Place } from "./place";
import { putWhole } from "./put-whole";
import { resumedRead } from "./resumed-read";
import { sendUntil, type Send } from "./sender";

const abortRounds = 4;
const abortPauseMs = 250;

/** Archives as objects below a prefix of a bucket, in any service that speaks S3. */
export class S3Store implements ArchiveStore {
  readonly location: string;
  #opened: S3Client | undefined;
  /** Ends with the signal. */
  readonly #send: Send;
  /** Takes back what was begun, which an interruption must not leave. */
  readonly #cleanUp: Send;

  constructor(
    private readonly place: S3Place,
    private readonly signal?: AbortSignal,
  ) {
    this.location = addressIn(place);
    this.#send = sendUntil(() => this.#client(), signal);
    this.#cleanUp = sendUntil(() => this.#client(), undefined);
  }

  addressOf(name: string): string {
    return addressIn(this.place, name);
  }

  async create(name: string, { metadata, bytes, once = false }: ObjectWishes = {}): Promise<PendingObject> {
    const target = { ...this.#at(name), ...this.#encryption(), ...metadataOf(metadata) };
    const requests = { send: this.#send, cleanUp: this.#cleanUp };
    return new PendingUpload(requests, target, { once, bytes }, (work) => this.#guard(work, name));
  }

  put(name: string, text: string, { metadata, once = false }: ObjectWishes = {}): Promise<void> {
    const target = { ...this.#at(name), ...this.#encryption(), ...metadataOf(metadata) };
    return this.#guard(() => putWhole(this.#send, target, Buffer.from(text), once), name);
  }

  read(name: string): Promise<Readable> {
    return this.#guard(() =>
      resumedRead(this.#send, this.#at(name), (work) => this.#guard(work), this.signal).catch(
        (error: unknown) => {
          throw isMissing(error) ? objectMissing(this.location, name) : error;
        },
      ),
    );
  }

  get(name: string): Promise<string | undefined> {
    return this.#guard(async () => {
      const { GetObjectCommand } = sdk();
      try {
        const { Body } = await this.#send(new GetObjectCommand(this.#at(name)));
        return await Body?.transformToString();
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  list(folder?: string): Promise<StoredObject[]> {
    return this.#guard(async () => {
      const { paginateListObjectsV2 } = sdk();
      const asked = {
        Bucket: this.place.bucket,
        Prefix: this.#key(folder === undefined ? "" : `${folder}/`),
      };
      const found: StoredObject[] = [];
      const until = this.signal ? { abortSignal: this.signal } : {};
      for await (const page of paginateListObjectsV2({ client: this.#client() }, asked, until))
        for (const { Key, Size = 0 } of page.Contents ?? [])
          if (Key !== undefined && !Key.endsWith("/")) found.push({ name: this.#name(Key), bytes: Size });
      return found.filter(({ name }) => name.includes("/")).sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  /** In a bucket with versions a delete would only hide a locked object and call that success. */
  delete(name: string): Promise<void> {
    return this.#guard(async () => {
      const { DeleteObjectCommand } = sdk();
      await this.#abortUploads(name);
      const lock = await lockOf(this.#cleanUp, this.#at(name));
      if (lock) throw objectLocked(this.location, name, lock.by);
      await this.#cleanUp(new DeleteObjectCommand(this.#at(name)));
    });
  }

  clear(name: string): Promise<void> {
    return this.#guard(() => this.#abortUploads(name));
  }

  lockOf(name: string): Promise<ObjectLock | undefined> {
    return this.#guard(() => lockOf(this.#send, this.#at(name)));
  }

  setHold(name: string, on: boolean): Promise<string | undefined> {
    return this.#guard(() => setHold(this.#send, this.#at(name), on));
  }

  lock(name: string, from: Date): Promise<string | undefined> {
    const { lock } = this.place;
    if (!lock) return Promise.resolve(undefined);
    return this.#guard(() => lockFrom(this.#send, this.#at(name), lock, from));
  }

  async whyNotWritable(): Promise<string | undefined> {
    try {
      await this.#guard(async () => {
        const { ListObjectsV2Command } = sdk();
        const asked = { Bucket: this.place.bucket, Prefix: this.#key(""), MaxKeys: 1 };
        await this.#send(new ListObjectsV2Command(asked));
      });
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /**
   * What a killed run sent of this object is paid for until somebody aborts it. A part that was still on its way can
   * outlive that, so it is looked at again until nothing is left.
   */
  async #abortUploads(name: string): Promise<void> {
    for (let round = 0; round < abortRounds; round++) {
      const left = await this.#uploadsOf(name);
      if (left.length === 0) return;
      if (round > 0) await sleep(abortPauseMs);
      for (const upload of left)
        await this.#cleanUp(new (sdk().AbortMultipartUploadCommand)(upload)).catch(unlessGone);
    }
  }

  async #uploadsOf(name: string): Promise<{ Bucket: string; Key: string; UploadId: string }[]> {
    const { ListMultipartUploadsCommand } = sdk();
    const { Bucket, Key } = this.#at(name);
    const uploads: { Bucket: string; Key: string; UploadId: string }[] = [];
    let page: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
    while (page) {
      const asked: ListMultipartUploadsCommandInput = { Bucket, Prefix: Key, ...page };
      const found: ListMultipartUploadsCommandOutput = await this.#cleanUp(
        new ListMultipartUploadsCommand(asked),
      );
      for (const { Key: key, UploadId } of found.Uploads ?? [])
        if (key === Key && UploadId !== undefined) uploads.push({ Bucket, Key, UploadId });
      const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = found;
      page = IsTruncated ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined;
    }
    return uploads;
  }

  #encryption() {
    const wanted = this.place.encryption;
    if (wanted === undefined) return {};
    if (wanted.kind === "AES256") return { ServerSideEncryption: "AES256" as const };
    return { ServerSideEncryption: "aws:kms" as const, ...(wanted.key && { SSEKMSKeyId: wanted.key }) };
  }

  #client(): S3Client {
    return (this.#opened ??= openClient(this.place));
  }

  #at(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.place.bucket, Key: this.#key(name) };
  }

  #key(name: string): string {
    return this.place.prefix ? `${this.place.prefix}/${name}` : name;
  }

  #name(key: string): string {
    return this.place.prefix ? key.slice(this.place.prefix.length + 1) : key;
  }

  async #guard<T>(work: () => Promise<T>, once?: string): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.signal?.throwIfAborted();
      if (once !== undefined && isThereAlready(error)) throw objectExists(this.location, once);
      throw s3Failure(this.location, error);
    }
  }
}

/** Headers hold plain letters: others are written as in an address. */
function metadataOf(metadata: ObjectWishes["metadata"]) {
  if (!metadata) return {};
  const plain = Object.entries(metadata).map(([key, value]) => [
    key,
    value.replace(/[^\x20-\x7e]+/g, encodeURIComponent),
  ]);
  return { Metadata: Object.fromEntries(plain) as Record<string, string> };
}

function unlessGone(error: unknown): void {
  if ((error as Error).name !== "NoSuchUpload") throw error;
}
