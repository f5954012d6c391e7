// Run by Pulumi Cloud before an operation on a review stack: makes it go by itself when its time is over.
const [hours] = process.argv.slice(2);
const {
  PULUMI_API = "https://api.pulumi.com",
  PULUMI_ACCESS_TOKEN: token,
  PULUMI_CI_ORGANIZATION: organization,
  PULUMI_CI_PROJECT: project,
  PULUMI_CI_STACK: stack,
  PULUMI_CI_OPERATION: operation,
} = process.env;

await main();

async function main() {
  if (!/^[1-9]\d*h$/.test(hours ?? ""))
    return fail(`expected hours such as 72h, found ${hours ?? "nothing"}`);
  if (operation !== "update") return;
  if (!token || !organization || !project || !stack)
    return fail("this is no run of Pulumi Deployments: PULUMI_CI_STACK and its like are not set");
  const place = [organization, project, stack].map(encodeURIComponent).join("/");
  const deployments = `${PULUMI_API}/api/stacks/${place}/deployments`;
  // A stack lives from its making: another push makes it no younger.
  const { schedules = [] } = await ask("GET", `${deployments}/schedules`);
  if (schedules.some(({ scheduleOnce }) => scheduleOnce)) return;
  const timestamp = new Date(Date.now() + parseInt(hours, 10) * 3_600_000).toISOString();
  await ask("POST", `${deployments}/ttl/schedules`, { timestamp, deleteAfterDestroy: true });
  process.stdout.write(`${stack} goes by itself at ${timestamp}\n`);
}

async function ask(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `token ${token}`,
      accept: "application/vnd.pulumi+8",
      "content-type": "application/json",
    },
    signal: AbortSignal.timeout(30_000),
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response.json();
  fail(`Pulumi Cloud answers ${response.status} to ${method} ${new URL(url).pathname}`);
  process.exit(1);
}

function fail(why) {
  process.stderr.write(`A stack without an end is not made: ${why}\n`);
  process.exitCode = 1;
}
