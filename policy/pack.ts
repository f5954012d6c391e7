import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("dnd-tracker", { enforcementLevel: "mandatory", policies: rules });
