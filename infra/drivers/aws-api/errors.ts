import { OperatorError } from "../../support";

/** AWS understood a call and refused it. */
export class AwsRefused extends OperatorError {
  constructor(
    doing: string,
    /** AWS' own name of what is wrong. */
    readonly word: string,
    readonly said: string,
    remedy = "Mend what AWS names, then run the command again.",
  ) {
    super({ code: "aws-refused", message: `AWS did not ${doing}: ${said} (${word})`, remedy });
  }

  /** The credentials are good and lack a right. */
  get lacksRight(): boolean {
    return /AccessDenied|NotAuthorized|Unauthorized/.test(this.word);
  }

  /** The credentials are none, or were good once. */
  get wrongCredentials(): boolean {
    return /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidAccessKeyId/.test(
      this.word,
    );
  }
}

/** There is nobody to call AWS as. */
export class AwsCredentialsMissing extends OperatorError {
  constructor(cause: unknown) {
    super({
      code: "aws-credentials-missing",
      kind: "usage",
      message: "there are no credentials for AWS in the environment",
      remedy:
        "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`.",
      cause,
    });
  }
}
