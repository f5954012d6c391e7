import { FlyStandIn } from "../../../embedded/fly";
import { examineCloud } from "../../../ops/doctor/cloud";
import { readSettings, type Settings } from "../../../stacks/settings";
import { startS3Server, type S3Server } from "../../harness/s3-server";
import { describeWith } from "../../harness/tools";
import { AtlasStandIn, projectId } from "../../stand-ins/atlas";
import { AwsStandIn } from "../../stand-ins/aws";
import { sdk } from "../../../infra/drivers/store/s3/client";

type Groups = Record<string, Record<string, unknown>>;

const kmsKey = "arn:aws:kms:us-east-1:111122223333:key/k";

describeWith("versitygw")("doctor before the first up of production", () => {
  let atlas: AtlasStandIn;
  let aws: AwsStandIn;
  let s3: S3Server;
  let fly: FlyStandIn;
  let flyApi: string;
  const before = { ...process.env };

  beforeAll(async () => {
    [atlas, aws, s3] = await Promise.all([AtlasStandIn.open(), AwsStandIn.open(), startS3Server()]);
    fly = new FlyStandIn({
      organizations: ["guild", "others"],
      token: "canary-fly-token",
      rateLimits: false,
    });
    flyApi = await fly.listen();
    // The bucket is looked at as archives are kept: by this process's own environment.
    Object.assign(process.env, {
      S3_ENDPOINT: s3.endpoint,
      S3_ACCESS_KEY_ID: "test-key",
      S3_SECRET_ACCESS_KEY: "test-secret",
      AWS_ACCESS_KEY_ID: "AKIDTRIAL",
      AWS_SECRET_ACCESS_KEY: "canary-aws-secret",
    });
  }, 60_000);
  afterAll(async () => {
    process.env = before;
    await Promise.all([atlas.close(), aws.close(), s3.stop(), fly.close()]);
  });
  beforeEach(() => {
    atlas.bring({ project: null, cluster: null });
    atlas.roles = [{ roleName: "ORG_OWNER", orgId: "org-1" }];
    Object.assign(atlas.used, { projects: 3, clusters: 1 });
    aws.denied.clear();
    aws.refusesAs = undefined;
  });

  const usual: Groups = {
    app: { name: "tracker", organization: "guild", addresses: { egress: true }, regions: ["iad"] },
    database: { kind: "atlas", orgId: "org-1", key: "k".repeat(32) },
    backup: { recoveryRecipient: `age1${"q".repeat(58)}` },
  };
  function settingsWith(change: Groups = {}): Settings {
    const groups = Object.entries({ ...usual, ...change }).map(([name, values]) => [
      `dnd-tracker:${name}`,
      JSON.stringify({ ...usual[name], ...values }),
    ]);
    return readSettings(
      { "dnd-tracker:environment": "production", ...(Object.fromEntries(groups) as object) },
      {},
    );
  }
  async function examined(change: Groups = {}, env: NodeJS.ProcessEnv = {}) {
    const found = await examineCloud("production", settingsWith(change), {
      ...atlas.environment(),
      ...aws.environment(),
      FLY_API_TOKEN: "canary-fly-token",
      FLY_FLAPS_BASE_URL: flyApi,
      ...env,
    });
    return {
      all: found,
      wrong: found.flatMap(({ status, what, found: seen, remedy }) =>
        status === "ok" ? [] : [`${what}: ${seen} → ${remedy}`],
      ),
    };
  }

  test("a team with every right is told what it has, line by line, and of nothing that is wrong", async () => {
    const { all, wrong } = await examined();
    expect(wrong).toEqual([]);
    expect(all.map(({ what }) => what)).toEqual([
      ...[
        "Fly token",
        "app.name",
        "app.regions",
        "Atlas credentials",
        "Atlas rights",
        "Atlas quota",
        "database.tier",
      ],
      ...["AWS credentials", "backup.store", "AWS rights", "database.reach"],
    ]);
    expect(JSON.stringify(all)).not.toMatch(/canary|kkkk/);
  });

  const cases: [what: string, set: () => unknown, change: Groups, env: NodeJS.ProcessEnv, says: RegExp][] = [
    [
      "no token of Fly",
      () => 0,
      {},
      { FLY_API_TOKEN: undefined },
      /^Fly token: there is no token.*→ Make one with `fly tokens create org`/,
    ],
    [
      "an expired token of Fly",
      () => 0,
      {},
      { FLY_API_TOKEN: "old" },
      /^Fly token: .*wrong, has expired.*→ Make one with `fly tokens create org guild`/,
    ],
    [
      "a region that Fly has not",
      () => 0,
      { app: { regions: ["zzz"] } },
      {},
      /^app\.regions: Fly has no region zzz → Choose among/,
    ],
    [
      "no holder of the images",
      () => 0,
      { app: { repository: "registry.fly.io/images" } },
      {},
      /^app\.repository: the app images.* → Make it once/,
    ],
    [
      "no credentials of Atlas",
      () => 0,
      {},
      { MONGODB_ATLAS_PUBLIC_KEY: undefined },
      /^Atlas credentials: there are no credentials.*→ Set/,
    ],
    [
      "wrong credentials of Atlas",
      () => 0,
      {},
      { MONGODB_ATLAS_PRIVATE_KEY: "wrong" },
      /^Atlas credentials: .*→ Set MONGODB_ATLAS/,
    ],
    [
      "an organization that is another",
      () => 0,
      { database: { orgId: "org-2" } },
      {},
      /^database\.orgId: the credentials know no organization org-2 → Set/,
    ],
    [
      "no right to make a project",
      () => (atlas.roles = [{ roleName: "ORG_MEMBER", orgId: "org-1" }]),
      {},
      {},
      /^Atlas rights: .*may make none → Give them the role Organization Project Creator/,
    ],
    [
      "no right on the project that is there",
      () => {
        atlas.bring({ project: "dnd-tracker-production" });
        atlas.roles = [{ roleName: "ORG_MEMBER", orgId: "org-1" }];
      },
      {},
      {},
      /^Atlas rights: whoever calls is no owner of the project dnd-tracker-production → Give them the role Project Owner/,
    ],
    [
      "no room for a project",
      () => (atlas.used.projects = 250),
      {},
      {},
      /^Atlas quota: 250 of 250 projects.*→ Ask/,
    ],
    [
      "a region without the tier",
      () => (atlas.regions.M20 = ["EU_WEST_1"]),
      { database: { tier: "M20" } },
      {},
      /^database\.tier: M20 is not to be had in US_EAST_1 → .*EU_WEST_1/,
    ],
    ["a free tier", () => 0, { database: { tier: "M0" } }, {}, /^database\.version: Atlas itself chooses/],
    [
      "an expired session at AWS",
      () => (aws.refusesAs = "ExpiredToken"),
      {},
      {},
      /^AWS credentials: AWS does not take them: .*expired → Log in again/,
    ],
    [
      "missing rights at AWS",
      () => ["s3:CreateBucket", "s3:PutObjectRetention"].forEach((one) => aws.denied.add(one)),
      {},
      {},
      /^AWS rights: not allowed: s3:CreateBucket, s3:PutObjectRetention → Allow them to arn:aws:iam/,
    ],
    [
      "a missing right on what only production makes",
      () => aws.denied.add("s3:PutBucketLogging"),
      {},
      {},
      /^AWS rights: not allowed: s3:PutBucketLogging → Allow/,
    ],
    [
      "a bucket for uploads that is not there to take over",
      () => 0,
      { app: { uploads: { bucket: "guild-uploads", adopt: true } } },
      {},
      /^app\.uploads\.bucket: there is no bucket guild-uploads to take over → .*app\.uploads\.adopt/,
    ],
    [
      "missing rights for what a copy and a log need",
      () => ["iam:PassRole", "s3:PutBucketLogging"].forEach((one) => aws.denied.add(one)),
      { backup: { bucket: { replicaRegion: "eu-west-1" } } },
      {},
      /^AWS rights: not allowed: s3:PutBucketLogging, iam:PassRole →/,
    ],
    [
      "a given project of another name",
      () => 0,
      { database: { projectId: "0".repeat(24), project: "lost" } },
      {},
      /^database\.project: there is no project lost → Set database\.project to the name/,
    ],
    [
      "a name that is another project's",
      () => atlas.bring({ project: "found" }),
      { database: { projectId: "0".repeat(24), project: "found" } },
      {},
      /^database\.project: found is [0-9a-f]{24}, not database\.projectId/,
    ],
    [
      "a key that is not there",
      () => 0,
      { backup: { bucket: { kmsKey } } },
      {},
      /^backup\.bucket\.kmsKey: .* is not there → Name a key/,
    ],
    [
      "a bucket to take over that is not there",
      () => 0,
      { backup: { store: "s3://guild-archives", bucket: { adopt: true } } },
      {},
      /^backup\.store: there is no bucket guild-archives/,
    ],
    [
      "nobody let in",
      () => 0,
      { database: { reach: "listed" } },
      {},
      /^database\.reach: listed, and database\.accessList is empty/,
    ],
    [
      "a setting that does nothing",
      () => 0,
      { database: { tier: "M0", largestTier: "M30" } },
      {},
      /^database\.largestTier: is dead/,
    ],
    [
      "a stack promoted from itself",
      () => 0,
      { release: { promotion: { from: "production" } } },
      {},
      /^release\.promotion\.from: is this very stack/,
    ],
    [
      "an override that was left",
      () => 0,
      { release: { promotion: { override: "the fire" } } },
      {},
      /^release\.promotion\.override: .*the fire → Take it out/,
    ],
    [
      "no key",
      () => 0,
      { database: { key: undefined } },
      {},
      /^database\.key: is not set → Run `pulumi config set --secret/,
    ],
  ];
  test.each(cases)("%s is one clear line with its remedy", async (_what, set, change, env, says) => {
    set();
    const { wrong } = await examined(change, env);
    expect(wrong).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
    expect(wrong.join("\n")).not.toMatch(/canary|\n\s+at /);
  });

  describe("of a service account", () => {
    const asAccount = async () => {
      const env = { ...atlas.environment("service-account"), MONGODB_ATLAS_PUBLIC_KEY: undefined };
      const { all } = await examined({}, env);
      return all.filter(({ what }) => what === "Atlas rights");
    };
    const project = () => atlas.bring({ project: "dnd-tracker-production" });

    test("every right is told, in the organization and in the project", async () => {
      expect(await asAccount()).toMatchObject([{ status: "ok", found: "Organization Owner" }]);
      atlas.roles = [{ roleName: "ORG_GROUP_CREATOR", orgId: "org-1" }];
      expect(await asAccount()).toMatchObject([{ status: "ok" }]);
      project();
      expect(await asAccount()).toMatchObject([{ status: "missing" }]);
      atlas.roles.push({ roleName: "GROUP_OWNER", groupId: projectId });
      expect(await asAccount()).toMatchObject([
        { status: "ok", found: "Project Owner of dnd-tracker-production" },
      ]);
    });

    test("the right that is missing is named", async () => {
      atlas.roles = [{ roleName: "ORG_MEMBER", orgId: "org-1" }];
      expect(await asAccount()).toMatchObject([
        { status: "missing", remedy: expect.stringContaining("Organization Project Creator") as string },
      ]);
    });

    test("what Atlas does not tell is no right that is there", async () => {
      atlas.roles = undefined;
      expect(await asAccount()).toMatchObject([{ status: "warning" }]);
    });
  });

  test("where a list lets machines in, this one is told whether it is on it", async () => {
    const wrongWith = async (...accessList: string[]) =>
      (await examined({ database: { reach: "listed", accessList } })).wrong;
    expect(await wrongWith("198.51.100.1/32", "203.0.113.0/24")).toEqual([]);
    expect(await wrongWith("198.51.100.0/24")).toEqual([
      expect.stringMatching(
        /^database\.reach: listed, and this machine, 203\.0\.113\.7, .* → Add 203\.0\.113\.7\/32/,
      ),
    ]);
  });

  test("a name that another organization has is taken", async () => {
    const api = {
      method: "POST",
      headers: { authorization: "Bearer canary-fly-token", "content-type": "application/json" },
    };
    await fetch(`${flyApi}/v1/apps`, {
      ...api,
      body: JSON.stringify({ app_name: "taken", name: "taken", org_slug: "others" }),
    });
    const { wrong } = await examined({ app: { name: "taken" } });
    expect(wrong).toEqual([
      expect.stringMatching(/^app\.name: taken belongs to the organization others, not guild → Choose/),
    ]);
  });

  test("a bucket that is there is taken over where the settings say so", async () => {
    await s3.client().send(new (sdk().CreateBucketCommand)({ Bucket: "guild-there" }));
    const { all, wrong } = await examined({ backup: { store: "s3://guild-there", bucket: { adopt: true } } });
    expect(wrong).toEqual([]);
    expect(all.find(({ what }) => what === "backup.store")?.found).toBe(
      "guild-there is there and is taken over",
    );
  });

  test("who comes by a single sign-on is told of its role's rights, below whatever path that lies", async () => {
    const name = "AWSReservedSSO_Deploy_0123456789abcdef";
    const before = aws.callerArn;
    aws.callerArn = `arn:aws:sts::111122223333:assumed-role/${name}/ada`;
    aws.role = { name, arn: `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/${name}` };
    aws.denied.add("s3:CreateBucket");
    const { wrong } = await examined();
    Object.assign(aws, { callerArn: before, role: undefined });
    expect(wrong).toEqual([expect.stringMatching(/^AWS rights: not allowed: s3:CreateBucket/)]);
  });

  test("who may not ask what it may do is told how to", async () => {
    aws.tellsRights = false;
    const { wrong } = await examined();
    aws.tellsRights = true;
    expect(wrong).toEqual([expect.stringMatching(/^AWS rights: .*→ Give it iam:SimulatePrincipalPolicy/)]);
  });

  test("no secret shows itself in what is printed", async () => {
    const { all } = await examined({ database: { key: "canary-short" } });
    expect(JSON.stringify(all)).not.toContain("canary");
  });
});
