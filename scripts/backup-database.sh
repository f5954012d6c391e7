#!/bin/sh
# Takes an archive, then deletes what is too old. DEPLOY_ENV (development), BACKUP_DIR (/tmp/mongodb-backups),
# BACKUP_RETENTION_DAYS (7), MONGODB_URI, MONGODB_DB_NAME.
set -eu
case ${1:-} in
  -h | --help) exec sed -n '2,/^set/{/^set/d;s/^# //;p;}' "$0" ;;
esac
cd "$(dirname "$0")/.."

stack=${DEPLOY_ENV:-development}
store=${BACKUP_DIR:-/tmp/mongodb-backups}
days=${BACKUP_RETENTION_DAYS:-7}
# Before the archive is taken, not after.
case $days in
  *[!0-9]* | 0*)
    echo "BACKUP_RETENTION_DAYS is \"$days\": give a number of days, 1 or more" >&2
    exit 2
    ;;
esac
[ "$stack" != development ] || stack=local
set -- --stack "$stack" --store "$store" --environment "${DEPLOY_ENV:-development}" "$@"
# The address stays in the environment: a list of processes would show it.
[ -z "${MONGODB_URI:-}" ] || set -- --db "${MONGODB_DB_NAME:-dnd-tracker}" "$@"
node ops/dnd.cjs backup create "$@"
# Archives are deleted only after there is a new one.
exec node ops/dnd.cjs backup prune --yes --days "$days" "$@"
