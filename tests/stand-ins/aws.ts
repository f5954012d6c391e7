import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Answer {
  status: number;
  body: string;
}

/** STS, IAM and KMS as far as somebody asks them what may be done; refuses what is not signed. */
export class AwsStandIn {
  readonly account = "111122223333";
  /** What the caller may not do. */
  readonly denied = new Set<string>();
  /** AWS' own name of what is wrong with the credentials. */
  refusesAs: string | undefined;
  /** Whether the caller may ask what it may do. */
  tellsRights = true;
  readonly keys: Record<string, string> = {};
  /** Who calls, and the role whose session that is, where it is one. */
  callerArn = "arn:aws:iam::111122223333:user/ada";
  role: { name: string; arn: string } | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const { status, body: said } = this.#answer(request.headers, body);
        response.writeHead(status).end(said);
      });
    });
  }

  static async open(): Promise<AwsStandIn> {
    const aws = new AwsStandIn();
    aws.#server.listen(0, "127.0.0.1");
    await once(aws.#server, "listening");
    return aws;
  }

  environment(): NodeJS.ProcessEnv {
    const at = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    return {
      AWS_ENDPOINT_URL_STS: at,
      AWS_ENDPOINT_URL_IAM: at,
      AWS_ENDPOINT_URL_KMS: at,
      AWS_ACCESS_KEY_ID: "AKIDTRIAL",
      AWS_SECRET_ACCESS_KEY: "canary-aws-secret",
      AWS_REGION: "us-east-1",
    };
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  #answer(headers: NodeJS.Dict<string | string[]>, body: string): Answer {
    const signature = String(headers.authorization ?? "");
    if (
      !/^AWS4-HMAC-SHA256 Credential=AKIDTRIAL\/\d{8}\/us-east-1\/(sts|iam|kms)\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/.test(
        signature,
      )
    )
      return refusal("SignatureDoesNotMatch", "it is not signed as it should be");
    if (this.refusesAs !== undefined)
      return refusal(this.refusesAs, "The security token included in the request is expired");
    if (headers["x-amz-target"] === "TrentService.DescribeKey") return this.#key(body);
    const asked = new URLSearchParams(body);
    switch (asked.get("Action")) {
      case "GetCallerIdentity":
        return {
          status: 200,
          body: `<r><Arn>${this.callerArn}</Arn><Account>${this.account}</Account></r>`,
        };
      case "GetRole":
        if (asked.get("RoleName") !== this.role?.name)
          return refusal("NoSuchEntity", "there is no such role");
        return { status: 200, body: `<r><Role><Arn>${this.role?.arn}</Arn></Role></r>` };
      case "SimulatePrincipalPolicy":
        if (asked.get("PolicySourceArn") !== (this.role?.arn ?? this.callerArn))
          return refusal("NoSuchEntity", "there is no such principal");
        return this.#rights(
          [...asked].flatMap(([name, value]) => (name.startsWith("ActionNames.") ? [value] : [])),
        );
      default:
        return refusal("InvalidAction", "there is no such action");
    }
  }

  #rights(actions: string[]): Answer {
    if (!this.tellsRights)
      return refusal("AccessDenied", "is not authorized to perform: iam:SimulatePrincipalPolicy");
    const each = actions.map(
      (action) =>
        `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${this.denied.has(action) ? "implicitDeny" : "allowed"}</EvalDecision></member>`,
    );
    return { status: 200, body: `<EvaluationResults>${each.join("")}</EvaluationResults>` };
  }

  #key(body: string): Answer {
    const { KeyId } = JSON.parse(body) as { KeyId: string };
    const KeyState = this.keys[KeyId];
    return KeyState === undefined
      ? {
          status: 400,
          body: JSON.stringify({ __type: "NotFoundException", message: "there is no such key" }),
        }
      : { status: 200, body: JSON.stringify({ KeyMetadata: { KeyState } }) };
  }
}

function refusal(code: string, message: string): Answer {
  return {
    status: 403,
    body: `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}
