import type { cloud } from "../../stacks/cloud";
import { readPage } from "./page";

/** What a stack in the cloud gives, by name: a name more or less is no type any more. */
const given: Record<keyof ReturnType<typeof cloud>, true> & { uploadsBucket: true; backupRoleArn: true } = {
  ...{ url: true, dashboardUrl: true, machines: true, certificates: true },
  ...{
    databaseUri: true,
    databaseName: true,
    databaseHost: true,
    databaseProject: true,
    databaseOwner: true,
  },
  ...{
    release: true,
    archive: true,
    passed: true,
    backupStore: true,
    uploadsBucket: true,
    backupRoleArn: true,
  },
};

test("every output of a stack is told where the first one is brought up, and none besides", () => {
  const [, table = ""] = /^\| output .*\n((?:\|.*\n)+)/m.exec(readPage("first-deployment.md")) ?? [];
  const told = table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
  expect(told.sort()).toEqual(Object.keys(given).sort());
});
