import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { freePort } from "../../infra/drivers/processes";
import type { S3Place } from "../../infra/drivers/store/s3";
import { sdk } from "../../infra/drivers/store/s3/client";
import { Secret, waitFor } from "../../infra/support";

export interface S3Server {
  endpoint: string;
  folder: string;
  /** A place of its own in the one bucket there is. */
  place(prefix: string): S3Place;
  /** The same in a bucket with object lock. */
  lockable(prefix: string): Promise<S3Place>;
  /** Requests of one's own. */
  client(): S3Client;
  stop(): Promise<void>;
}

/** A versitygw over a folder of its own, with the bucket `archives` in it. */
export async function startS3Server(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), "dnd-s3-"));
  await mkdir(join(folder, "archives"));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ["--port", `127.0.0.1:${port}`, "--access", "test-key", "--secret", "test-secret", "--quiet"];
  const server = spawn("versitygw", [...args, "posix", folder], { stdio: "ignore" });
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitFor(() => answers(endpoint), { what: "versitygw", timeoutMs: 10_000, intervalMs: 50 });
  } catch (error) {
    await stop();
    throw error;
  }
  const credentials = { accessKeyId: "test-key", secretAccessKey: new Secret("test-secret") };
  const place = (prefix: string) => ({
    bucket: "archives",
    prefix,
    endpoint,
    region: "us-east-1",
    credentials,
  });
  const client = () => {
    const { S3Client } = sdk();
    const keys = { accessKeyId: "test-key", secretAccessKey: "test-secret" };
    return new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials: keys });
  };
  const lockable = async (prefix: string) => {
    const { CreateBucketCommand } = sdk();
    const opened = client();
    await opened
      .send(new CreateBucketCommand({ Bucket: "lockable", ObjectLockEnabledForBucket: true }))
      .catch((error: Error) => {
        if (!error.name.startsWith("BucketAlready")) throw error;
      });
    opened.destroy();
    return { ...place(prefix), bucket: "lockable" };
  };
  return { endpoint, folder, place, lockable, client, stop };
}

async function answers(endpoint: string): Promise<true | undefined> {
  return fetch(endpoint).then(
    () => true,
    () => undefined,
  );
}
