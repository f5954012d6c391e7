import type { Readable } from "node:stream";
import type {
  ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
import { messageOf } from "../../../support";
import type { ArchiveStore, ObjectWishes, PendingObject, StoredObject } from "../contract";
import { objectLocked, objectMissing } from "../errors";
import { openClient, sdk } from "./client";
import { isMissing, s3Failure } from "./failures";
import { PendingUpload } from "./pending-upload";
import type { S3Place } from "./place";
import { resumedRead } from "./resumed-read";

/** Archives as objects below a prefix of a bucket, in any service that speaks S3. */
export class S3Store implements ArchiveStore {
  readonly location: string;
  #opened: S3Client | undefined;

  constructor(private readonly place: S3Place) {
    this.location = `s3://${place.bucket}${place.prefix && `/${place.prefix}`}`;
  }

  async create(name: string, { metadata, retainUntil }: ObjectWishes = {}): Promise<PendingObject> {
    const target = {
      ...this.#at(name),
      ...this.#encryption(),
      ...(metadata && { Metadata: metadata }),
      ...(retainUntil && {
        ObjectLockMode: this.place.lockMode ?? ("GOVERNANCE" as const),
        ObjectLockRetainUntilDate: retainUntil,
      }),
    };
    return new PendingUpload(this.#client(), target, (work) => this.#guard(work));
  }

  put(name: string, text: string): Promise<void> {
    return this.#guard(async () => {
      const { PutObjectCommand } = sdk();
      const object = { ...this.#at(name), ...this.#encryption(), Body: text };
      await this.#client().send(new PutObjectCommand({ ...object, ChecksumAlgorithm: "SHA256" }));
    });
  }

  read(name: string): Promise<Readable> {
    return this.#guard(() =>
      resumedRead(this.#client(), this.#at(name), (work) => this.#guard(work)).catch((error: unknown) => {
        throw isMissing(error) ? objectMissing(this.location, name) : error;
      }),
    );
  }

  get(name: string): Promise<string | undefined> {
    return this.#guard(async () => {
      const { GetObjectCommand } = sdk();
      try {
        const { Body } = await this.#client().send(new GetObjectCommand(this.#at(name)));
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
      for await (const page of paginateListObjectsV2({ client: this.#client() }, asked))
        for (const { Key, Size = 0 } of page.Contents ?? [])
          if (Key !== undefined && !Key.endsWith("/")) found.push({ name: this.#name(Key), bytes: Size });
      return found.filter(({ name }) => name.includes("/")).sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  delete(name: string): Promise<void> {
    return this.#guard(async () => {
      const { DeleteObjectCommand } = sdk();
      await this.#abortUploads(name);
      await this.#refuseLocked(name);
      await this.#client().send(new DeleteObjectCommand(this.#at(name)));
    });
  }

  async whyNotWritable(): Promise<string | undefined> {
    try {
      await this.#guard(async () => {
        const { ListObjectsV2Command } = sdk();
        const asked = { Bucket: this.place.bucket, Prefix: this.#key(""), MaxKeys: 1 };
        await this.#client().send(new ListObjectsV2Command(asked));
      });
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** What a killed run sent of this object is paid for until somebody aborts it. */
  async #abortUploads(name: string): Promise<void> {
    const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = sdk();
    const { Bucket, Key } = this.#at(name);
    let page: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
    while (page) {
      const asked: ListMultipartUploadsCommandInput = { Bucket, Prefix: Key, ...page };
      const found: ListMultipartUploadsCommandOutput = await this.#client().send(
        new ListMultipartUploadsCommand(asked),
      );
      for (const { UploadId } of (found.Uploads ?? []).filter((upload) => upload.Key === Key)) {
        const abort = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
        await this.#client().send(abort).catch(unlessGone);
      }
      const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = found;
      page = IsTruncated ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined;
    }
  }

  /** In a bucket with versions a delete would only hide a locked object and call that success. */
  async #refuseLocked(name: string): Promise<void> {
    const { HeadObjectCommand } = sdk();
    const seen = await this.#client()
      .send(new HeadObjectCommand(this.#at(name)))
      .catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
    if (seen?.ObjectLockLegalHoldStatus === "ON") throw objectLocked(this.location, name, "a legal hold");
    const until = seen?.ObjectLockRetainUntilDate;
    if (until && until > new Date())
      throw objectLocked(this.location, name, `a lock until ${until.toISOString()}`);
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

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw s3Failure(this.location, error);
    }
  }
}

function unlessGone(error: unknown): void {
  if ((error as Error).name !== "NoSuchUpload") throw error;
}
