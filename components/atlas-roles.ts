import * as atlas from "./atlas";
import type * as pulumi from "@pulumi/pulumi";

export interface FiguresWriterArgs {
  projectId: pulumi.Input<string>;
  /** The operations' database. */
  ops: string;
}

/** What may be done with which collection. */
const actions = {
  metrics: ["INSERT", "CREATE_COLLECTION", "CREATE_INDEX"],
  metric_hours: ["INSERT", "UPDATE", "CREATE_INDEX"],
  alerts: ["UPDATE"],
};

/** A role that adds figures and resolves alerts in the operations' database, and changes nothing else there. */
export function figuresWriter(
  { projectId, ops: databaseName }: FiguresWriterArgs,
  options: pulumi.CustomResourceOptions,
): atlas.CustomDbRole {
  const allowed = Object.entries(actions).flatMap(([collectionName, all]) =>
    all.map((action) => ({ action, collectionName })),
  );
  const byAction = [...new Set(allowed.map(({ action }) => action))].map((action) => ({
    action,
    resources: allowed
      .filter((one) => one.action === action)
      .map(({ collectionName }) => ({ databaseName, collectionName })),
  }));
  const args = { projectId, roleName: "dnd-figures-writer", actions: byAction };
  return new atlas.CustomDbRole("dnd-figures-writer", args, options);
}
