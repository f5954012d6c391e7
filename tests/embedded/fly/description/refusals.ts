/** An error that the stand-in may answer with: the description lists almost none, so they are held against these. */
export interface KnownRefusal {
  status: number;
  /** The field that the text stands in: the services of machines and of apps have one each. */
  in: "error" | "message";
  says: RegExp;
}

export const refusals: readonly KnownRefusal[] = [
  { status: 400, in: "error", says: /^invalid_argument: / },
  { status: 400, in: "message", says: /^(region|network) not found$|^(name|org_slug) is required$/ },
  { status: 400, in: "message", says: /^could not find app "/ },
  { status: 401, in: "error", says: /^unauthorized$/ },
  { status: 404, in: "message", says: /^could not find app "/ },
  { status: 404, in: "message", says: /^(organization|certificate|ip address) not found$/ },
  {
    status: 404,
    in: "error",
    says: /^(machine|machine version|volume|secret|lease|metadata key) not found$/,
  },
  { status: 408, in: "error", says: /^deadline_exceeded: machine failed to reach desired state, / },
  { status: 409, in: "error", says: /^lease currently held by \S+, expires at / },
  { status: 409, in: "error", says: /^current_version \S+ is stale, / },
  { status: 409, in: "error", says: /^aborted: machine is \w+: concurrent update in progress$/ },
  { status: 412, in: "error", says: /^failed_precondition: / },
  { status: 412, in: "error", says: /^machine version does not match$/ },
  { status: 422, in: "error", says: /^Validation failed: Name has already been taken$/ },
  { status: 422, in: "error", says: /^idempotency_key was used for another request$/ },
  { status: 422, in: "error", says: /^already_exists: unique machine name violation, / },
  { status: 422, in: "error", says: /^could not reserve resource for machine: |^insufficient resources / },
  { status: 422, in: "message", says: /^Validation failed: Hostname |^fullchain is not |^name may only / },
  { status: 429, in: "error", says: /^rate limit exceeded$/ },
  { status: 503, in: "error", says: /^the host of machine \w+ is unreachable$|^deploys to this host are / },
];
