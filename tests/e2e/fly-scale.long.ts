import { FlyStack } from "../harness/fly-stack";

let stack: FlyStack;

beforeAll(async () => {
  stack = await FlyStack.open({ database: "fly_scale", app: { machines: 2 } });
  for (const tag of ["1.0.0", "1.1.0"]) stack.push(tag);
  await stack.want("1.0.0");
  expect(await stack.dnd("up", "--yes")).toMatchObject({ code: 0 });
}, 300_000);
afterAll(() => stack.close());

const machines = () => stack.fly.world.app("tracker").living;
const version = async () => (await fetch(`${stack.url}/health`)).headers.get("x-app-version");

test("at Fly too another number outlives the next up, and brings no waiting image along", async () => {
  await stack.want("1.1.0");
  expect(await stack.dnd("scale", "1", "--reason", "night", "--yes")).toMatchObject({ code: 0 });
  expect([machines().length, await version()]).toEqual([1, "1.0.0"]);
  expect(await stack.dnd("up", "--yes")).toMatchObject({ code: 0 });
  expect([machines().length, await version()]).toEqual([1, "1.1.0"]);
}, 300_000);

test("with no machine left a release is refused, and the end of the override brings them back", async () => {
  expect((await stack.dnd("scale", "0")).code).toBe(3);
  expect(await stack.dnd("scale", "0", "--reason", "SEV1", "--yes")).toMatchObject({ code: 0 });
  expect(machines()).toEqual([]);
  await stack.want("1.0.0");
  const refused = await stack.dnd("up", "--yes");
  expect([refused.code === 0, refused.stdout + refused.stderr]).toEqual([
    false,
    expect.stringContaining("dnd scale --clear"),
  ]);
  expect(await stack.dnd("scale", "--clear", "--yes")).toMatchObject({ code: 0 });
  expect([machines().length, await version()]).toEqual([2, "1.1.0"]);
}, 300_000);
