import { z } from "zod";

const keptVariable = "DND_KEPT_BUCKETS";

const schema = z.object({ own: z.string(), there: z.array(z.string()) });

/** What is known of the buckets of a stack that begins anew. */
export interface KeptBuckets {
  /** The name of its own bucket, whether that is there or not. */
  own: string;
  /** Its own bucket, that bucket's log and its copy, in so far as they have outlived the stack. */
  there: string[];
}

/** As the environment of a program tells it. */
export function keptBucketsEnvironment(kept: KeptBuckets): Record<string, string> {
  return { [keptVariable]: JSON.stringify(kept) };
}

/** What the environment tells; null where nothing is begun anew. */
export function readKeptBuckets(environment: NodeJS.ProcessEnv): KeptBuckets | null {
  const text = environment[keptVariable];
  return text ? schema.parse(JSON.parse(text)) : null;
}
