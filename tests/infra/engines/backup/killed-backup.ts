import { takeBackup, type BackupWanted } from "../../../../infra/engines/backup";

// A process of its own that takes a backup and is killed at a moment that its progress tells.
const { moment, ...wanted } = JSON.parse(process.env.BACKUP ?? "") as {
  moment: string;
  store: string;
  address: BackupWanted["address"];
  limitRate?: number;
};

void takeBackup({
  ...wanted,
  environment: "development",
  release: 1,
  progress: (message) => {
    if (message.startsWith(moment)) process.kill(process.pid, "SIGKILL");
  },
});
