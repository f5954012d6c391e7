import { MongoClient } from "mongodb";
import { channelsOf, deliverOutbox } from "../../../../infra/engines/alerts";
import { settingsWith, slackHook } from "./world";

/** A monitor of its own process, which a test kills while it sends. */
async function main(): Promise<void> {
  const { TEST_MONGODB_URI = "", SENDER_DATABASE = "", SENDER_HOOK = "" } = process.env;
  const client = await MongoClient.connect(TEST_MONGODB_URI);
  await deliverOutbox(client.db(SENDER_DATABASE), channelsOf(settingsWith([slackHook(SENDER_HOOK)])), {
    now: () => new Date("2099-01-01"),
    deadlineMs: 60_000,
  });
}

void main();
