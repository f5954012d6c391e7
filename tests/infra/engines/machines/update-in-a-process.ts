import { ensureMachines, type AppImage } from "../../../../infra/engines/machines";
import { Secret } from "../../../../infra/support";
import { app, secretUri } from "./fleet";

/** Started by a test that kills it: an update whose every step is a line of its output. */
const [image, port] = JSON.parse(process.argv[2] ?? "[]") as [AppImage, number];
const say = (line: string) => process.stdout.write(`${line}\n`);
ensureMachines({
  app,
  image,
  count: 2,
  port,
  env: { COLOUR: "red", MONGODB_URI: new Secret(secretUri) },
  gate: () => {
    say("gate");
    return new Promise((resolve) => setTimeout(resolve, 150));
  },
  progress: say,
  signal: new AbortController().signal,
}).then(
  () => say("done"),
  (error: unknown) => say(String(error)),
);
