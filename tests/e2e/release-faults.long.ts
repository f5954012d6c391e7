import { SmallDisk } from "../harness/small-disk";
import { faults } from "./release-faults/faults";
import { leftOut } from "./release-faults/left-out";
import { promiseRows } from "./release-faults/rows";

// All that the stack writes lies on a disk of its own, so that it can be full.
const disk = SmallDisk.mount(1400);

promiseRows({
  faults,
  folder: typeof disk === "string" ? undefined : disk.folder,
  leftOut: (fault, step) => (fault === "disk full" && typeof disk === "string" ? disk : leftOut(fault, step)),
});

// After the stack, which lies on it.
afterAll(() => {
  if (typeof disk !== "string") disk.unmount();
});
