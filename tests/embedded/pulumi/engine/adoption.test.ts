import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TestStack } from "./test-stack";

interface ThingPlugins {
  servePlugin(cloud: string): Promise<{ port: number; close(): void }>;
}

const { servePlugin } = require("../conformance/thing-provider.cjs") as ThingPlugins;

it("what is adopted is protected and kept from the start: no difference is a reason to delete it", async () => {
  const stack = await TestStack.open();
  const { port, close } = await servePlugin(join(stack.folder, "cloud"));
  try {
    await writeFile(
      join(stack.folder, "cloud", "thing-old.json"),
      JSON.stringify({ key: "old", zone: "here" }),
    );
    const env = { PULUMI_HOME: join(stack.folder, "home"), PULUMI_DEBUG_PROVIDERS: `conf:${port}` };
    const adopting = (option: string) => {
      const wanted = `{ key: "old", zone: "there" }, { import: "old", ${option}: true }`;
      return stack.run("up", `new pulumi.CustomResource("conf:index:Thing", "a", ${wanted});`, { env });
    };
    const refused = await adopting("protect");
    expect(refused.messages.join()).toContain("marked for protection");
    expect(await stack.cloud()).toEqual(["thing-old"]);
    const replaced = await adopting("retainOnDelete");
    expect(replaced.outcome).toBe("succeeded");
    expect(await stack.cloud()).toEqual(expect.arrayContaining(["thing-old", "thing-old-1"]));
  } finally {
    close();
    await stack.close();
  }
});
