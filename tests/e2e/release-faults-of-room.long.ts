import { SmallDisk } from "../harness/small-disk";
import { describeUnless } from "../harness/tools";
import { promiseRows } from "./release-faults/rows";

const disk = SmallDisk.mount(1400);
afterAll(() => {
  if (typeof disk !== "string") disk.unmount();
});

describeUnless(typeof disk === "string" ? disk : undefined)("on a disk of its own", () => {
  promiseRows({ faults: ["disk full"], parent: () => (typeof disk === "string" ? "" : disk.folder) });
});
