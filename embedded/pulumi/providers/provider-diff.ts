import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";

/** What a provider says of the difference between what is and what shall be. */
export interface ProviderDiff {
  changes: "some" | "none" | "unknown";
  replaces: string[];
  deleteBeforeReplace: boolean;
  changedKeys?: string[];
  /** Property path to kind, such as "update" or "add-replace". */
  detailed?: Record<string, string>;
}

const kinds: Record<number, string> = {
  [PropertyDiff.Kind.ADD]: "add",
  [PropertyDiff.Kind.ADD_REPLACE]: "add-replace",
  [PropertyDiff.Kind.DELETE]: "delete",
  [PropertyDiff.Kind.DELETE_REPLACE]: "delete-replace",
  [PropertyDiff.Kind.UPDATE]: "update",
  [PropertyDiff.Kind.UPDATE_REPLACE]: "update-replace",
};

const outcomes: Record<number, ProviderDiff["changes"]> = {
  [DiffResponse.DiffChanges.DIFF_NONE]: "none",
  [DiffResponse.DiffChanges.DIFF_SOME]: "some",
};

export function readDiff(response: DiffResponse): ProviderDiff {
  const detailed: Record<string, string> = {};
  response.getDetaileddiffMap().forEach((diff, path) => {
    detailed[path] = kinds[diff.getKind()] ?? "update";
  });
  return {
    changes: outcomes[response.getChanges()] ?? "unknown",
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    changedKeys: response.getDiffsList(),
    ...(response.getHasdetaileddiff() ? { detailed } : {}),
  };
}
