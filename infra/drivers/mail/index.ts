export type { Mail, MailServer } from "./contract";
export { sendMail } from "./send-mail";
