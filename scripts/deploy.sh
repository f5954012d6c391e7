#!/bin/sh
# Deploys the checked-out branch: deploy.sh ENVIRONMENT BRANCH (staging main). The variables are those of
# deploy-with-migrations.sh.
set -eu
case ${1:-} in
  -h | --help) exec sed -n '2,/^set/{/^set/d;s/^# //;p;}' "$0" ;;
esac
environment=${1:-staging}
branch=${2:-main}
[ $# -lt 1 ] || shift
[ $# -lt 1 ] || shift
cd "$(dirname "$0")/.."

case $environment in
  development | staging | production) ;;
  *)
    echo "error: there is no environment $environment: development, staging or production" >&2
    exit 2
    ;;
esac
current=$(git rev-parse --abbrev-ref HEAD)
# What is deployed is the checkout: another branch in it would be deployed under a wrong name.
if [ "$current" != "$branch" ] && [ "$(git rev-parse HEAD)" != "$(git rev-parse --verify --quiet "$branch^{commit}")" ]; then
  echo "error: $current is checked out, not $branch: \`git switch $branch\` first" >&2
  exit 2
fi
export DEPLOY_ENV="$environment"
exec ./scripts/deploy-with-migrations.sh "$@"
