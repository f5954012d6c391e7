import { DeploymentManager } from "../../../ops/deployment";
import { requireConfirmed } from "../../../ops/deployment/confirmation";

const action = "go back to release 3";

test("a rollback asks where the stack's settings want it, as a deployment does", async () => {
  const config = { environment: "production" } as const;
  await expect(requireConfirmed({ action }, { config })).rejects.toThrow("not confirmed");
  const development = { environment: "development" } as const;
  await expect(requireConfirmed({ action }, { config: development })).resolves.toBeUndefined();
});

test("writes are never lost without a question, whatever the options and the settings say", async () => {
  const config = { environment: "development", requireConfirmation: false } as const;
  const heard: string[] = [];
  for (const loss of [7, "unknown"] as const) {
    const confirm = async (question: string) => heard.push(question) < 1;
    const asked = requireConfirmed({ action, text: "Lose them?", loss }, { config, confirm });
    await expect(asked).rejects.toMatchObject({ code: "not-confirmed", kind: "refused" });
  }
  expect(heard).toEqual(["Lose them?", "Lose them?"]);
});

test("a refused confirmation is an answer, before anything is opened", async () => {
  const production = new DeploymentManager({ environment: "production" }, { confirm: async () => false });
  await expect(production.deploy()).resolves.toMatchObject({
    success: false,
    error: expect.stringContaining("not confirmed: deploy to production"),
  });
});
