#!/bin/bash
# Programs in Python connect to etcd with Python's own ssl. CONTRIBUTING.md says what
# is asked of a driver.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# Python 3.13, whose ssl is strict; nothing where it is not at hand.
strict() { ls "$(command -v /usr/bin/python3.13)" ~/.pyenv/versions/3.13.*/bin/python3.13 2>/dev/null | head -1 || true; }

# FOLDER PACKAGE…
environment() {
	folder=$LIBRARIES/$1
	shift
	[ -e "$folder/ready" ] && return
	"${python:-python3}" -m venv "$folder"
	"$folder/bin/pip" -q --disable-pip-version-check install "$@"
	touch "$folder/ready"
}

# FOLDER PACKAGE: its version.
version() { "$LIBRARIES/$1/bin/python" -c "import importlib.metadata as m, sys; print(m.version('$2'))"; }

case $1 in
install)
	environment new requests==2.34.2 urllib3==2.8.0 httpx==0.28.1 aiohttp==3.14.5
	# It speaks by pyOpenSSL where that is at hand.
	environment python-etcd python-etcd==0.4.5 urllib3==2.8.0 pyOpenSSL==26.4.0 idna==3.10
	environment old requests==2.28.2 urllib3==1.26.20 httpx==0.24.1 aiohttp==3.9.5
	environment etcd3-py etcd3-py==0.1.6 requests==2.34.2
	environment patroni 'patroni[etcd,etcd3]==4.1.5' psycopg[binary] pyOpenSSL==26.4.0
	python=$(strict)
	[ -z "$python" ] || environment strict requests==2.34.2 urllib3==2.8.0
	;;
install-lines) ;;
clients)
	if [ -e "$LIBRARIES/strict/ready" ]; then
		python=$("$LIBRARIES/strict/bin/python" -c 'import platform; print(platform.python_version())')
		echo "py-requests-strict requests $(version strict requests), urllib3 $(version strict urllib3), Python $python"
		echo "py-urllib-strict Python $python"
	fi
	python=$("$LIBRARIES/new/bin/python" -c 'import platform; print(platform.python_version())')
	for environment in new old; do
		urllib3=$(version $environment urllib3)
		name=py-requests
		[ $environment = old ] && name=py-requests-urllib3-1
		echo "$name requests $(version $environment requests), urllib3 $urllib3, Python $python"
		echo "py-httpx httpx $(version $environment httpx), Python $python"
		echo "py-aiohttp aiohttp $(version $environment aiohttp), Python $python"
	done
	echo "py-urllib Python $python"
	echo "py-ssl Python $python"
	echo "py-python-etcd python-etcd $(version python-etcd python-etcd), urllib3 $(version python-etcd urllib3)"
	echo "py-etcd3-py etcd3-py $(version etcd3-py etcd3-py), requests $(version etcd3-py requests)"
	echo "patronictl patroni $(version patroni patroni) etcd3 section"
	echo "patronictl-v2 patroni $(version patroni patroni) etcd section"
	;;
speak)
	# These can't be limited to TLS 1.2.
	case "$TLS_MAX $2" in 1.2\ patronictl* | 1.2\ py-python-etcd | 1.2\ py-etcd3-py | 1.2\ py-requests-urllib3-1) exit 75 ;; esac
	case "$2 $3" in
	patronictl*)
		section=etcd3
		[ "$2" = patronictl-v2 ] && section=etcd
		{
			printf 'scope: demo\nname: a\n%s:\n  hosts: %s:%s\n  protocol: %s\n' $section "$HOST" "$PORT" "$SCHEME"
			if [ "$SCHEME" = https ]; then
				printf '  cacert: %s\n' "$CA"
				[ -z "$CERT" ] || printf '  cert: %s\n  key: %s\n' "$CERT" "$KEY"
			fi
		} >"$FOLDER/patroni.yml"
		exec timeout 8 "$LIBRARIES/patroni/bin/patronictl" -c "$FOLDER/patroni.yml" list 2>&1
		;;
	py-python-etcd*) exec "$LIBRARIES/python-etcd/bin/python" "$here/speak.py" "$2" ;;
	*-strict\ *) exec "$LIBRARIES/strict/bin/python" "$here/speak.py" "$2" ;;
	py-etcd3-py*) exec "$LIBRARIES/etcd3-py/bin/python" "$here/speak.py" "$2" ;;
	*"requests 2.28.2"* | *"httpx 0.24.1"* | *"aiohttp 3.9.5"*) exec "$LIBRARIES/old/bin/python" "$here/speak.py" "$2" ;;
	*) exec "$LIBRARIES/new/bin/python" "$here/speak.py" "$2" ;;
	esac
	;;
programs) printf '%s\n' python-requests patroni ;;
lines)
	case $2 in
	python-requests) exec "$LIBRARIES/new/bin/python" "$3" ;;
	patroni)
		{ printf 'scope: demo\nname: a\n' && cat "$3"; } >"$FOLDER/patroni.yml"
		exec timeout 30 "$LIBRARIES/patroni/bin/patronictl" -c "$FOLDER/patroni.yml" list
		;;
	esac
	;;
esac
