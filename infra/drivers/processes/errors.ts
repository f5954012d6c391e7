import { OperatorError } from "../../support";

export function portTaken(host: string, port: number, cause: unknown): OperatorError {
  return new OperatorError({
    code: "router-port-taken",
    message: `the app's address ${host}:${port} cannot be opened: ${reasonOf(cause)}`,
    remedy: `Stop what listens on port ${port}, or choose another port in the setting dnd-tracker:app.port.`,
    cause,
  });
}

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") return "something else listens there";
  if (code === "EACCES") return "this user may not open it";
  return String(code ?? cause);
}

export function unknownMachine(id: string): OperatorError {
  return new OperatorError({
    code: "machine-unknown",
    message: `there is no machine ${id}`,
    remedy: "Look which machines there are, then name one of those.",
  });
}

export function otherMachine(id: string): OperatorError {
  return new OperatorError({
    code: "machine-exists",
    message: `there is another machine ${id} already`,
    remedy: "Remove it first, or give the new one another id.",
  });
}

export function daemonSilent(log: string, lines: string[], cause?: unknown): OperatorError {
  return new OperatorError({
    code: "supervisor-silent",
    message: ["the supervisor of the local machines does not answer; its last lines:", ...lines].join("\n  "),
    remedy: `Read ${log}, then run the command again.`,
    cause,
  });
}

/** Nobody listens on the socket: no daemon, or one that died. */
export class NoDaemonError extends OperatorError {
  constructor(cause?: unknown) {
    const message = "the supervisor of the local machines is not running";
    const remedy = "Run the command again: it starts a supervisor and carries on.";
    super({ code: "supervisor-absent", message, remedy, cause });
  }
}

export function daemonRefused(cause: unknown): OperatorError {
  return new OperatorError({
    code: "supervisor-refused",
    message: "the supervisor of the local machines refused the token of this folder",
    remedy: "Another user's supervisor may be running here: stop it, then run the command again.",
    cause,
  });
}

export function socketForeign(place: string): OperatorError {
  return new OperatorError({
    code: "supervisor-place-foreign",
    message: `${place} should be a folder of this user alone, and is not`,
    remedy: "Remove it, or keep the checkout in a shorter path: then nothing is needed there.",
  });
}
