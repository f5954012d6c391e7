import { resolveWantedImage } from "../../../../infra/engines/fly";
import { RegistryStandIn } from "../../../stand-ins/registry";

let registry: RegistryStandIn;
beforeAll(async () => {
  registry = await RegistryStandIn.open();
});
afterAll(() => registry.close());

const wanted = (image: string, more: { toBeBuilt?: boolean } = {}) => ({
  ...{ image, repository: `${registry.host}/guild/web`, commit: "1a2b3c4d" },
  ...more,
});

test("the image of the checked out commit is known once it is pushed, and a digest alone is one of the repository", async () => {
  await expect(resolveWantedImage(wanted("commit"))).rejects.toThrow(
    "the image of commit 1a2b3c4d is not built yet",
  );
  const digest = registry.push("guild/web:1a2b3c4d");
  const name = `${registry.host}/guild/web`;
  expect(await resolveWantedImage(wanted("commit"))).toEqual({ name, version: "1a2b3c4d", digest });
  expect(await resolveWantedImage(wanted(digest))).toEqual({ name, version: digest.slice(7, 19), digest });
});

test("an image that is still to be built has a digest that nobody takes for one, until it is pushed", async () => {
  const image = `${registry.host}/guild/web:build-0a1b`;
  const before = await resolveWantedImage(wanted(image, { toBeBuilt: true }));
  expect(before).toEqual({
    name: `${registry.host}/guild/web`,
    version: "build-0a1b",
    digest: "known after the build",
  });
  await expect(resolveWantedImage(wanted(image))).rejects.toMatchObject({ code: "image-missing" });
  const digest = registry.push("guild/web:build-0a1b");
  expect((await resolveWantedImage(wanted(image, { toBeBuilt: true }))).digest).toBe(digest);
});
