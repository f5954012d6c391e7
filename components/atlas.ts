// By their own files: the index of the package loads far more than a stack uses.
export { AdvancedCluster } from "@pulumi/mongodbatlas/advancedCluster";
export { AlertConfiguration } from "@pulumi/mongodbatlas/alertConfiguration";
export { Auditing } from "@pulumi/mongodbatlas/auditing";
export { CloudBackupSchedule } from "@pulumi/mongodbatlas/cloudBackupSchedule";
export { CustomDbRole } from "@pulumi/mongodbatlas/customDbRole";
export { DatabaseUser } from "@pulumi/mongodbatlas/databaseUser";
export { MaintenanceWindow } from "@pulumi/mongodbatlas/maintenanceWindow";
export { Project } from "@pulumi/mongodbatlas/project";
export { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList";
