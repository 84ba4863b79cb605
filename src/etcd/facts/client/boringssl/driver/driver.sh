#!/bin/bash
# Programs on grpcio connect to etcd. CONTRIBUTING.md says what is asked of a driver.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# FOLDER PACKAGE…
environment() {
	folder=$LIBRARIES/$1
	shift
	[ -e "$folder/ready" ] && return
	python3 -m venv "$folder"
	"$folder/bin/pip" -q --disable-pip-version-check install "$@"
	touch "$folder/ready"
}

case $1 in
install)
	environment new grpcio==1.85.3 etcd3==0.12.0 'protobuf<4'
	environment old grpcio==1.60.2 etcd3==0.12.0 'protobuf<4'
	environment aetcd grpcio==1.85.3 aetcd==1.0.0
	;;
install-lines) ;;
clients)
	echo "py-grpcio grpcio 1.85.3"
	echo "py-grpcio grpcio 1.60.2"
	echo "py-etcd3 etcd3 0.12.0, grpcio 1.85.3"
	echo "py-etcd3 etcd3 0.12.0, grpcio 1.60.2"
	echo "py-aetcd aetcd 1.0.0, grpcio 1.85.3"
	;;
speak)
	# grpcio can't be limited to TLS 1.2.
	[ -z "$TLS_MAX" ] || exit 75
	case "$2 $3" in
	py-aetcd*) python=aetcd ;;
	*1.60.2) python=old ;;
	*) python=new ;;
	esac
	exec "$LIBRARIES/$python/bin/python" "$here/speak.py" "$2" 2>&1
	;;
programs) printf '%s\n' python-etcd3 python-grpcio ;;
lines) exec "$LIBRARIES/new/bin/python" "$3" ;;
esac
