import { cases } from "./cases";
import { holdAgainstRecordings } from "./recorded";

holdAgainstRecordings(cases.filter((_one, number) => number % 20 !== 0));
