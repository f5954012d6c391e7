import { z } from "zod";
import { refuse } from "../refusal";
import { machineOf } from "./machines";
import { bodyOf, paramOf, type Asked, type Route } from "./route";

const path = "/v1/apps/{app}/machines/{id}/metadata";

const whole = z.looseObject({
  metadata: z.record(z.string(), z.string().nullable()),
  machine_version: z.string().optional(),
});
const single = z.looseObject({ value: z.string() });

export const metadataRoutes: Route[] = [
  { method: "GET", path, action: "look metadata", answer: (asked) => ({ body: read(asked) }) },
  { method: "PUT", path, action: "set metadata", answer: change },
  { method: "PATCH", path, action: "set metadata", answer: change },
  {
    method: "GET",
    path: `${path}/{key}`,
    action: "look metadata",
    answer: (asked) => {
      const value = read(asked)[paramOf(asked, "key")];
      if (value === undefined) throw refuse(404, "metadata key not found");
      return { body: { value } };
    },
  },
  {
    method: "POST",
    path: `${path}/{key}`,
    action: "set metadata",
    answer: (asked) => {
      const { value } = bodyOf(asked, single);
      machineOf(asked).setMetadata({ [paramOf(asked, "key")]: value });
      return { status: 204 };
    },
  },
  {
    method: "DELETE",
    path: `${path}/{key}`,
    action: "delete metadata",
    answer: (asked) => {
      machineOf(asked).setMetadata({ [paramOf(asked, "key")]: null });
      return { status: 204 };
    },
  },
];

function read(asked: Asked): Record<string, string> {
  return machineOf(asked).config.metadata ?? {};
}

function change(asked: Asked) {
  const { metadata, machine_version: version } = bodyOf(asked, whole);
  const machine = machineOf(asked);
  if (version !== undefined && version !== machine.version)
    throw refuse(412, "machine version does not match");
  machine.setMetadata(metadata);
  return { status: 204 };
}
