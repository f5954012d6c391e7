import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decryptConfig } from "../../../../embedded/pulumi/state/stack-config";
import { readProject, readStackConfig } from "../../../../embedded/pulumi/state";

describe("a project's settings", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "settings-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const settings = (project: string, stack: string) => {
    write("Pulumi.yaml", `name: shop\nruntime: nodejs\n${project}`);
    write("Pulumi.dev.yaml", stack);
    const read = readProject(folder);
    return decryptConfig(readStackConfig(read, "dev"), read);
  };

  it("come as text: scalars as they are, the rest as JSON with sorted keys", () => {
    const { values } = settings(
      "",
      "config:\n  shop:on: true\n  size: 5\n  aws:region: us-east-1\n  shop:list: [b, {z: 1, a: <x>}]\n",
    );
    expect(values).toEqual({
      "shop:on": "true",
      "shop:size": "5",
      "aws:region": "us-east-1",
      "shop:list": '["b",{"a":"\\u003cx\\u003e","z":1}]',
    });
  });

  it("take the project's defaults and values, in the long and the short form", () => {
    const { values } = settings(
      "config:\n  short: eu\n  aws:region: us-west-2\n  long:\n    type: array\n    items: {type: integer}\n    default: [1, 2]\n",
      "config:\n  shop:short: us\n",
    );
    expect(values).toEqual({ "shop:short": "us", "aws:region": "us-west-2", "shop:long": "[1,2]" });
  });

  it("that are wrong are told all at once", () => {
    const schema = [
      "  must: {type: string}",
      "  count: {type: integer}",
      "  on: {type: boolean}",
      "  key: {type: string, secret: true}",
      "  names: {type: array, items: {type: array, items: {type: string}}}",
    ].join("\n");
    const stack =
      "config:\n  shop:count: many\n  shop:on: maybe\n  shop:key: open\n  shop:names: [[a], [1]]\n";
    let message = "";
    try {
      settings(`config:\n${schema}\n`, stack);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("shop:must is missing");
    expect(message).toContain("shop:count must be of type integer");
    expect(message).toContain("shop:on must be of type boolean");
    expect(message).toContain("shop:key must be encrypted");
    expect(message).toContain("shop:names must be of type array<array<string>>");
  });

  it.each([
    ["runtime: [", "project-invalid"],
    ["name: shop\n", "project-invalid"],
    ["name: shop\nruntime: nodejs\nconfig: {n: {type: integer, default: x}}", "project-invalid"],
    ["name: shop\nruntime: nodejs\nconfig: {n: {default: x, value: y}}", "project-invalid"],
    ["name: shop\nruntime: nodejs\nconfig: {aws:n: {type: string, value: y}}", "project-invalid"],
  ])("of a project file such as %j are refused, naming the file", (text, code) => {
    write("Pulumi.yaml", text);
    expect(() => readProject(folder)).toThrow(expect.objectContaining({ code }));
    expect(() => readProject(folder)).toThrow(join(folder, "Pulumi.yaml"));
  });

  it("are looked for upwards, and their absence is told", () => {
    write(
      "Pulumi.yaml",
      "name: shop\nruntime: {name: nodejs, options: {nodeargs: --trace-warnings}}\nmain: src/",
    );
    expect(readProject(folder)).toMatchObject({
      root: folder,
      main: "src/",
      runtime: { name: "nodejs", options: { nodeargs: "--trace-warnings" } },
    });
    expect(() => readProject("/")).toThrow(expect.objectContaining({ code: "project-missing" }));
  });

  it.each([
    ["secretsprovider: awskms://alias/key", "settings-need-cli"],
    ["environment: [prod]", "settings-need-cli"],
    ["config: {a:b:c:d: 1}", "settings-invalid"],
    ["config: 5", "settings-invalid"],
  ])("such as %j, which only the CLI handles or nobody does, are refused", (text, code) => {
    expect(() => settings("", text)).toThrow(expect.objectContaining({ code }));
  });
});
