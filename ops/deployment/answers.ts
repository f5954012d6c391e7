import { z } from "zod";
import { partsOfUrn, type OperationResult } from "../engine";
import type { DeploymentResult } from "./results";

const outputs = z.looseObject({
  url: z.string().optional(),
  machines: z.array(z.unknown()).optional(),
  release: z.looseObject({ number: z.int().nullable(), image: z.string(), digest: z.string() }).optional(),
});

/** What the outputs of a stack say of a deployment. */
export function readOutputs(result: OperationResult): {
  release: number | null;
  deployment: Pick<DeploymentResult, "url" | "image" | "digest" | "machines">;
} {
  const { url, machines = [], release } = outputs.safeParse(result.outputs).data ?? {};
  return {
    release: release?.number ?? null,
    deployment: {
      ...(url !== undefined && { url }),
      ...(release && { image: release.image, digest: release.digest }),
      machines: machines.length,
    },
  };
}

/** The outputs of one step, as the operation left them. */
export function stateOf({ steps }: OperationResult, name: string): Record<string, unknown> | undefined {
  const step = steps.find(({ urn }) => partsOfUrn(urn).name === name);
  const state = step?.newState ?? step?.oldState;
  const held = state?.outputs;
  return typeof held === "object" && held !== null ? (held as Record<string, unknown>) : undefined;
}
