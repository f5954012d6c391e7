/** Days after which a version that was overwritten or deleted is really gone. */
const nonCurrentDays = 30;

/** The rule of a bucket's lifecycle that touches only what its users have given up. */
export const givenUp = {
  id: "given-up",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays: nonCurrentDays },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
};
