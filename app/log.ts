import { pino, type DestinationStream, type Logger } from "pino";

const credentials = /\b(mongodb(?:\+srv)?:\/\/)[^@/\s]+@/gi;
const secretParameter = /([?&](?:token|password|secret|key|code)=)[^&\s]*/gi;

/** Text without what must not be read by whoever reads the logs. */
export function withoutSecrets(text: string): string {
  return text.replace(credentials, "$1[secret]@").replace(secretParameter, "$1[secret]");
}

/** The app's log: one JSON line an event, on standard output unless told otherwise. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, serializers: { err: describeError } };
  return destination ? pino(options, destination) : pino(options);
}

function describeError({ name, message, stack }: Error): object {
  return { type: name, message: withoutSecrets(message), stack: withoutSecrets(stack ?? "") };
}
