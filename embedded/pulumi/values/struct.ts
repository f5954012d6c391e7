import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../deployment";

type JavaScriptValue = Parameters<typeof Struct.fromJavaScript>[0];

/** Properties as the wire carries them. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as JavaScriptValue);
}

/** Properties from the wire; none for an absent message. */
export function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}
