#!/bin/sh
# Deploys a stack, from its checks to its record. DEPLOY_ENV (development), DRY_RUN (shows what would be done),
# SKIP_MIGRATIONS, DEPLOY_TIMEOUT (milliseconds), BACKUP_ENABLED, MONGODB_URI, MONGODB_DB_NAME, FLY_API_TOKEN, DEBUG.
# Options of `dnd up` may follow, such as --yes.
set -eu
case ${1:-} in
  -h | --help) exec sed -n '2,/^set/{/^set/d;s/^# //;p;}' "$0" ;;
esac
cd "$(dirname "$0")/.."

stack=${DEPLOY_ENV:-development}
[ "$stack" != development ] || stack=local
if [ "${DRY_RUN:-false}" = true ]; then
  exec node ops/dnd.cjs preview --stack "$stack" "$@"
fi
exec node ops/dnd.cjs up --stack "$stack" "$@"
