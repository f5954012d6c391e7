import { tellTimes } from "./times.js";

tellTimes();
setInterval(tellTimes, 30_000);
