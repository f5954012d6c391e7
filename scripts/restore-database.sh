#!/bin/sh
# Restores BACKUP_PATH (an archive's path or s3:// address). TARGET_DB, RESTORE_DRY_RUN, FORCE_RESTORE, DEPLOY_ENV,
# MONGODB_URI, MONGODB_DB_NAME.
set -eu
case ${1:-} in
  -h | --help) exec sed -n '2,/^set/{/^set/d;s/^# //;p;}' "$0" ;;
esac
: "${BACKUP_PATH:?BACKUP_PATH says which archive: a path or an s3:// address}"
case $BACKUP_PATH in
  /* | *://*) archive=$BACKUP_PATH ;;
  *) archive=$PWD/$BACKUP_PATH ;;
esac
cd "$(dirname "$0")/.."

stack=${DEPLOY_ENV:-development}
[ "$stack" != development ] || stack=local
set -- --stack "$stack" "$@"
# The address stays in the environment: a list of processes would show it.
[ -z "${MONGODB_URI:-}" ] || set -- --db "${MONGODB_DB_NAME:-dnd-tracker}" "$@"
[ -z "${TARGET_DB:-}" ] || set -- --to-db "$TARGET_DB" "$@"
# Without either it asks before anything is dropped, and refuses where nobody can answer.
if [ "${RESTORE_DRY_RUN:-false}" = true ]; then
  set -- --dry-run "$@"
elif [ "${FORCE_RESTORE:-false}" = true ]; then
  set -- --force "$@"
else
  set -- --drop "$@"
fi
exec node ops/dnd.cjs backup restore "$archive" "$@"
