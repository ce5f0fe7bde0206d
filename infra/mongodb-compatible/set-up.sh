#!/usr/bin/env bash
# set-up.sh STEP STATE: the steps that build what provide.sh starts. A step leaves its result in its place only when it
# is complete, so one that was cut short is done again.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
step=$1 state=$2
ferretdb=github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v2.7.0
suite=forky
package=postgresql-18-documentdb
postgres_bin=/usr/lib/postgresql/18/bin

# The first set of packages this machine installs from that is its own Debian release: the mirror to use.
mirror() {
  local codename
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    awk -v codename="$codename" '$1 == codename && !found { print $2; found = 1 }'
}

set_up_debootstrap() {
  local install=(apt-get -o DPkg::Lock::Timeout=240 install -y --no-install-recommends debootstrap)
  export DEBIAN_FRONTEND=noninteractive
  "${install[@]}" || { apt-get update && "${install[@]}"; }
}

set_up_tree() {
  local tree=$state/tree.part from
  from=$(mirror)
  [[ -n $from ]] || { echo 'no Debian mirror found in the apt sources of this machine'; exit 1; }
  rm -rf "$tree"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$tree" "$from" /usr/share/debootstrap/scripts/sid
  apt-config dump | grep -E '^Acquire::(http|https|Check|Retries)' >"$tree/etc/apt/apt.conf.d/99-as-the-machine" || true
  printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' >"$tree/etc/dpkg/dpkg.cfg.d/quick"
  # The package must neither make a cluster of its own nor start anything.
  mkdir -p "$tree/etc/postgresql-common"
  echo 'create_main_cluster = false' >"$tree/etc/postgresql-common/createcluster.conf"
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod 755 "$tree/usr/sbin/policy-rc.d"
  "$here/in-root.sh" "$tree" root env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
    apt-get install -y --no-install-recommends "$package"
  rm -f "$tree"/var/cache/apt/archives/*.deb
  mv "$tree" "$state/tree"
}

set_up_ferretdb() {
  GOBIN=$state/bin.part GOFLAGS=-buildvcs=false GOTOOLCHAIN=local CGO_ENABLED=0 go install "$ferretdb"
  mv "$state/bin.part" "$state/bin"
}

# PostgreSQL opens no port: its socket lies in a folder that only its own user may enter, so connections are trusted.
# DocumentDB connects back to its own server, for instance to create a collection, and is told that socket too.
set_up_cluster() {
  local tree=$state/tree
  install -m 755 "$state/bin/ferretdb" "$tree/usr/local/bin/ferretdb"
  rm -rf "$tree/srv/documentdb.part"
  install -d -o "$(stat -c %u "$tree/var/lib/postgresql")" -m 700 "$tree/srv/documentdb.part"
  "$here/in-root.sh" "$tree" postgres mkdir /srv/documentdb.part/socket /srv/documentdb.part/ferretdb
  "$here/in-root.sh" "$tree" postgres "$postgres_bin/initdb" --auth=trust --locale=C.UTF-8 --encoding=UTF8 /srv/documentdb.part/data
  cat >>"$tree/srv/documentdb.part/data/postgresql.conf" <<'CONF'
listen_addresses = ''
unix_socket_directories = '/srv/documentdb/socket'
max_connections = 200
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
cron.host = '/srv/documentdb/socket'
documentdb.localhost_connection_string = 'host=/srv/documentdb/socket'
cron.log_run = off
cron.log_statement = off
CONF
  mv "$tree/srv/documentdb.part" "$tree/srv/documentdb"
}

"set_up_$step"
