import { promiseRows } from "./release-faults/rows";

promiseRows({ faults: ["hang"] });
