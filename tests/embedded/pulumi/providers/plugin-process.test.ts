import { PluginProcess } from "../../../../embedded/pulumi/providers/plugin-process";

test("a plugin is in a group of its own: a ^C at the terminal reaches the engine alone, which lets it end its call", async () => {
  let heard: (pid: number) => void;
  const pid = new Promise<number>((resolve) => (heard = resolve));
  const plugin = await PluginProcess.start({
    ...{ name: "still", file: process.execPath, cwd: __dirname, env: process.env },
    args: ["-e", "console.error(process.pid); console.log(1); process.stdin.resume()"],
    onLine: (line) => heard(Number(line)),
  });
  try {
    const group = -(await pid);
    expect(process.kill(group, 0)).toBe(true);
  } finally {
    plugin.kill();
  }
});
