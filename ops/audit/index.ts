export { audited, type AuditedCommand } from "./audited";
export { changes } from "./changing";
export type { AuditEntry } from "./entry";
export type { AuditOptions } from "./show";
export { redacted, redactText } from "./redact";

/** Loaded by whoever looks: a command that is written down must not wait for it. */
export const auditEntries: typeof import("./read").auditEntries = (ops, wanted) =>
  (require("./read") as typeof import("./read")).auditEntries(ops, wanted);

export const showAudit: typeof import("./show").showAudit = (options, terminal) =>
  (require("./show") as typeof import("./show")).showAudit(options, terminal);
