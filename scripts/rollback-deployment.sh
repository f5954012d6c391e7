#!/bin/sh
# Goes back to an earlier release. ROLLBACK_TYPE (auto; app, migration, database, full), MIGRATION_STEPS (1), BACKUP_PATH
# (an archive's id, path or s3:// address), FORCE_ROLLBACK (asks nothing), DRY_RUN, DEPLOY_ENV (development), MONGODB_URI.
# Options of `dnd rollback` may follow, such as --to 12 or --reason TEXT.
set -eu
case ${1:-} in
  -h | --help) exec sed -n '2,/^set/{/^set/d;s/^# //;p;}' "$0" ;;
esac
archive=${BACKUP_PATH:-}
# A path is meant from where it was typed.
case $archive in
  '' | /* | *://*) ;;
  */*) archive=$PWD/$archive ;;
esac
cd "$(dirname "$0")/.."

type=${ROLLBACK_TYPE:-auto}
stack=${DEPLOY_ENV:-development}
[ "$stack" != development ] || stack=local
set -- --stack "$stack" "$@"
[ "$type" != migration ] || set -- --steps "${MIGRATION_STEPS:-1}" "$@"
[ -z "$archive" ] || set -- --backup "$archive" "$@"
[ "${FORCE_ROLLBACK:-false}" != true ] || set -- --yes "$@"
[ "${DRY_RUN:-false}" != true ] || set -- --dry-run "$@"
exec node ops/dnd.cjs rollback "$type" "$@"
