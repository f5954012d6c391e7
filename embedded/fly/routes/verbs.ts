import { z } from "zod";
import { invalid } from "../refusal";
import { machineOf } from "./machines";
import { bodyOf, type Asked, type Route } from "./route";

const machinePath = "/v1/apps/{app}/machines/{id}";

const signals = [
  "SIGABRT SIGALRM SIGFPE SIGHUP SIGILL SIGINT SIGKILL SIGPIPE SIGQUIT SIGSEGV SIGTERM SIGTRAP SIGUSR1 SIGUSR2",
].flatMap((names) => names.split(" "));

const stopping = z.looseObject({
  signal: z.string().optional(),
  timeout: z.union([z.string(), z.int().transform((seconds) => `${seconds}s`)]).optional(),
});
// Fly's own tool kills with the number of the signal, where the description has its name.
const signalling = z.looseObject({ signal: z.union([z.enum(signals), z.literal(9)]) });
const executing = z.looseObject({
  cmd: z.string().optional(),
  command: z.array(z.string()).optional(),
  timeout: z.int().optional(),
  stdin: z.string().optional(),
});

export const verbRoutes: Route[] = [
  verb("start", (asked) => ({ previous_state: machineOf(asked).start(), migrated: false })),
  verb("stop", (asked) => {
    const { signal, timeout } = bodyOf(asked, stopping);
    machineOf(asked).stop(signal, timeout);
  }),
  verb("suspend", (asked) => machineOf(asked).suspend()),
  verb("restart", (asked) => {
    const { query } = asked;
    machineOf(asked).restart(query.get("signal") ?? undefined, query.get("timeout") ?? undefined);
  }),
  verb("signal", (asked) => {
    const { signal } = bodyOf(asked, signalling);
    machineOf(asked).signal(signal === 9 ? "SIGKILL" : signal);
  }),
  verb("cordon", (asked) => machineOf(asked).cordon(true)),
  verb("uncordon", (asked) => machineOf(asked).cordon(false)),
  verb("exec", async (asked) => {
    const { cmd, command, timeout, stdin } = bodyOf(asked, executing);
    const words = command ?? (cmd === undefined ? undefined : cmd.split(/\s+/));
    if (!words?.[0]) throw invalid("command is required");
    const { run, state } = machineOf(asked);
    if (state !== "started" || !run) throw invalid("machine is not running");
    return run.exec(words, (timeout ?? 30) * 1000, stdin);
  }),
  {
    method: "GET",
    path: `${machinePath}/ps`,
    action: "look",
    answer: async (asked) => ({ body: (await machineOf(asked).run?.processes()) ?? [] }),
  },
];

function verb(name: string, act: (asked: Asked) => unknown): Route {
  return {
    method: "POST",
    path: `${machinePath}/${name}`,
    action: name,
    guarded: true,
    answer: async (asked) => ({ body: await act(asked) }),
  };
}
