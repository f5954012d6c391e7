import { DeclaredTypes, misfitsOf } from "./index";

const aws = new DeclaredTypes("@pulumi/aws");
const atlas = new DeclaredTypes("@pulumi/mongodbatlas");

function misfits(types: DeclaredTypes, type: string, inputs: object): string[] {
  const declared = types.resource(type);
  if (!declared) throw new Error(`no ${type}`);
  return misfitsOf(inputs, declared.inputs, "").map(({ property, reason }) => `${property} ${reason}`);
}

describe("the packages' own types decide what a stand-in takes", () => {
  const versioning = "aws:s3/bucketVersioning:BucketVersioning";
  const cluster = "mongodbatlas:index/advancedCluster:AdvancedCluster";
  const region = { regionName: "US_EAST_1", priority: 7, providerName: "AWS" };
  const wanted = {
    projectId: "p",
    clusterType: "REPLICASET",
    replicationSpecs: [{ regionConfigs: [region] }],
  };

  test("what fits is taken", () => {
    expect(misfits(atlas, cluster, wanted)).toEqual([]);
    expect(misfits(aws, versioning, { bucket: "b", versioningConfiguration: { status: "Enabled" } })).toEqual(
      [],
    );
  });

  test("an unknown property is refused, however deep it stands", () => {
    expect(misfits(atlas, cluster, { ...wanted, flavour: "fast" })).toEqual(["flavour is no property of it"]);
    const deep = { ...wanted, replicationSpecs: [{ regionConfigs: [{ ...region, zone: "a" }] }] };
    expect(misfits(atlas, cluster, deep)).toEqual([
      "replicationSpecs[0].regionConfigs[0].zone is no property of it",
    ]);
  });

  test("a missing property is refused", () => {
    expect(misfits(aws, versioning, { bucket: "b" })).toEqual([
      "versioningConfiguration is required and missing",
    ]);
  });

  test("a value of another type is refused, and one that the words above a property do not list", () => {
    expect(misfits(atlas, cluster, { ...wanted, pitEnabled: "yes" })).toEqual([
      "pitEnabled is a string, not a boolean",
    ]);
    const status = { bucket: "b", versioningConfiguration: { status: "On" } };
    expect(misfits(aws, versioning, status)).toEqual([
      'versioningConfiguration.status "On" is none of Enabled, Suspended, Disabled',
    ]);
  });

  test("a resource that the package does not have is not made up", () => {
    expect(aws.resource("aws:s3/bucketWishes:BucketWishes")).toBeUndefined();
  });
});
