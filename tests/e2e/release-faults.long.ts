import { promiseRows } from "./release-faults/rows";

promiseRows({ faults: ["clear failure", "kill -9", "lost network", "lost database"] });
