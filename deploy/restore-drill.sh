#!/bin/sh
# Restores a backup into a scratch database and proves it against the checkpoints that were kept elsewhere.
#
#   restore-drill.sh DUMP CHECKPOINTS [LOG.PUB]
#
# DUMP is what pg_dump --format=custom wrote, or a directory of it. CHECKPOINTS is the copy of DATA/checkpoints that was made *before*
# the dump, or together with it: a later one vouches for entries that the dump cannot hold, and the drill then fails, as it should.
# LOG.PUB, the public keys of the log, lets the drill check the signatures too; without it the roots alone are compared.
#
# The libpq variables say where to restore: PGHOST, PGPORT, PGUSER, PGPASSWORD … The user may create databases. The scratch database is
# dropped at the end, whatever happens. RELIEF names the program, relief by default; RELIEF_DRILL_LOG a file that gets one line per drill.
#
# Exit code 0: restored and whole. 4: restored, and not what was signed. Anything else: not restored.
set -eu

dump=$1
checkpoints=$2
keys=${3:-}
relief=${RELIEF:-relief}
scratch=relief_drill_$$
data=$(mktemp -d)
began=$(date +%s)

finish() {
	code=$?
	dropdb --if-exists --force "$scratch" >/dev/null 2>&1 || echo "restore-drill: database $scratch is still there: drop it" >&2
	rm -rf "$data"
	if [ -n "${RELIEF_DRILL_LOG:-}" ]; then
		printf '%s dump=%s exit=%s seconds=%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$dump" "$code" "$(($(date +%s) - began))" "${verdict:-not restored}" >>"$RELIEF_DRILL_LOG"
	fi
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

test -s "$checkpoints" || { echo "restore-drill: $checkpoints holds no checkpoint: without one a restore proves nothing" >&2; exit 2; }
cp "$checkpoints" "$data/checkpoints"
if [ -n "$keys" ]; then
	cp "$keys" "$data/log.pub"
fi

createdb "$scratch"
# The roles relief_app, relief_reader … belong to the server, not to the dump: a fresh server gets them here, without login.
for role in $(pg_restore --schema-only --file=- "$dump" | sed -n 's/^GRANT .* TO \(relief_[a-z_]*\);$/\1/p' | sort -u); do
	psql --quiet --no-psqlrc --dbname="$scratch" --set=ON_ERROR_STOP=1 \
		--command="DO \$\$ BEGIN CREATE ROLE $role; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$"
done
pg_restore --exit-on-error --no-owner --dbname="$scratch" "$dump"

# The connection string says nothing but the database: the libpq variables say the rest.
code=0
verdict=$("$relief" verify --data "$data" --db "postgres:///$scratch?${RELIEF_DRILL_PARAMETERS:-}") || code=$?
echo "$verdict"
exit "$code"
