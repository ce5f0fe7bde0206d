#!/usr/bin/env bash
# provide.sh start|stop|status: a MongoDB-compatible server for tests, on a machine that has no mongod. See README.md.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=${MONGODB_COMPATIBLE_STATE:-/var/cache/mongodb-compatible}
port=${MONGODB_COMPATIBLE_PORT:-27117}
tree=$state/tree
uri=mongodb://127.0.0.1:$port/
PATH=$PATH:/usr/sbin:/sbin:/usr/local/go/bin

say() { printf 'mongodb-compatible: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Runs one step of set-up.sh with its output in a log; a failure says the step's last words and where to read more.
step() {
  local name=$1 what=$2 log=$state/log/set-up-$1.log start=$SECONDS
  say "$what …"
  "$here/set-up.sh" "$name" "$state" >"$log" 2>&1 ||
    fail "$what failed: $(grep -v '^\s*$' "$log" | tail -n 1). Read $log, mend it, and start again"
  say "$what: done in $((SECONDS - start)) s"
}

set_up() {
  [[ $(id -u) == 0 ]] || fail 'run this as root (it builds a Debian system tree), or set MONGODB_URI to a server of yours'
  local system=0 ferretdb=0
  if [[ ! -x $state/bin/ferretdb ]]; then
    command -v go >/dev/null || fail 'put the Go toolchain on PATH (it builds FerretDB), or set MONGODB_URI to a server of yours'
    step ferretdb 'building FerretDB with Go' & ferretdb=$!
  fi
  if [[ ! -d $tree ]]; then
    (
      command -v debootstrap >/dev/null || step debootstrap 'installing debootstrap'
      step tree 'installing PostgreSQL with DocumentDB in a system tree'
    ) & system=$!
  fi
  [[ $ferretdb == 0 ]] || wait "$ferretdb" || ferretdb=failed
  [[ $system == 0 ]] || wait "$system" || system=failed
  [[ $ferretdb != failed && $system != failed ]] || exit 1
  [[ -d $tree/srv/documentdb ]] || step cluster 'making the database cluster'
}

# The pid file counts only while that process is the program it was written for.
alive() {
  local pid
  pid=$(cat "$state/$1.pid" 2>/dev/null) && grep -aqs "$1" "/proc/$pid/cmdline"
}

launch() {
  local name=$1
  shift
  alive "$name" && return
  setsid nohup "$@" >>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
  echo $! >"$state/$name.pid"
}

# Waits until the command succeeds, at most a minute and only while the server lives.
wait_for() {
  local name=$1 until=$((SECONDS + 60))
  shift
  until "$@" >/dev/null 2>&1; do
    if ! alive "$name" || ((SECONDS > until)); then
      stop
      fail "$name did not come up: $(tail -n 1 "$state/log/$name.log"). Read $state/log/$name.log"
    fi
    sleep 0.2
  done
}

start_documentdb() {
  local bin=/usr/lib/postgresql/18/bin socket=/srv/documentdb/socket
  launch postgres "$here/in-root.sh" "$tree" postgres "$bin/postgres" -D /srv/documentdb/data
  wait_for postgres "$here/in-root.sh" "$tree" postgres "$bin/psql" -h "$socket" -v ON_ERROR_STOP=1 -qAt \
    -c 'create extension if not exists documentdb cascade' \
    -c "select documentdb_api.insert_one('ready', 'starts', '{}')" -c "select documentdb_api.drop_database('ready')"
  launch ferretdb "$here/in-root.sh" "$tree" postgres env FERRETDB_TELEMETRY=disable DO_NOT_TRACK=1 /usr/local/bin/ferretdb \
    --postgresql-url="postgres:///postgres?host=$socket&user=postgres" --listen-addr="127.0.0.1:$port" --debug-addr=- \
    --no-auth --state-dir=/srv/documentdb/ferretdb --log-level=WARN
  wait_for ferretdb node "$here/ping.mjs" "$port"
}

start_mongod() {
  mkdir -p "$state/mongod"
  launch mongod mongod --dbpath "$state/mongod" --bind_ip 127.0.0.1 --port "$port"
  wait_for mongod node "$here/ping.mjs" "$port"
}

start() {
  if [[ -n ${MONGODB_URI:-} ]]; then
    say 'MONGODB_URI is set: using that server'
    uri=$MONGODB_URI
  else
    command -v node >/dev/null || fail 'put Node.js on PATH (it asks the server whether it is up)'
    { mkdir -p "$state/log" && [[ -w $state ]]; } 2>/dev/null || fail "cannot write $state: run as root, or set MONGODB_URI"
    exec 9>"$state/lock"
    flock 9
    if ! alive ferretdb && ! alive mongod && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      fail "port $port is taken by another program: set MONGODB_COMPATIBLE_PORT to a free one"
    fi
    if command -v mongod >/dev/null; then
      say 'mongod is on PATH: using it'
      start_mongod
    else
      set_up
      start_documentdb
    fi
  fi
  echo "MONGODB_URI=$uri"
}

# PostgreSQL takes SIGINT as "end the sessions, write everything, stop"; SIGTERM would wait for its clients.
stop() {
  local name pid signal until=$((SECONDS + 30))
  for name in mongod ferretdb postgres; do
    alive "$name" || continue
    pid=$(cat "$state/$name.pid")
    [[ $name == postgres ]] && signal=INT || signal=TERM
    kill -s "$signal" "$pid"
    while alive "$name"; do
      ((SECONDS < until)) || fail "$name (process $pid) does not stop: read $state/log/$name.log"
      sleep 0.1
    done
    rm -f "$state/$name.pid"
    say "$name stopped"
  done
}

status() {
  local name up=0
  for name in mongod ferretdb postgres; do
    if alive "$name"; then say "$name runs as process $(cat "$state/$name.pid")" && up=1; fi
  done
  ((up)) && node "$here/ping.mjs" "$port" || fail "no server answers at $uri"
  echo "MONGODB_URI=$uri"
}

case ${1:-} in
  start | stop | status) "$1" ;;
  *) fail 'usage: provide.sh start|stop|status' ;;
esac
