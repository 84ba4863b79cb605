#!/bin/bash
# NSS's own test client connects to etcd. CONTRIBUTING.md says what is asked of a driver.
set -eu

program() { [ -x /usr/lib/nss/tstclnt ] && echo /usr/lib/nss/tstclnt || command -v tstclnt; }

case $1 in
install) program >/dev/null ;;
install-lines) ;;
clients) echo "nss-tstclnt $(dpkg-query -W -f 'NSS tools ${Version}' libnss3-tools)" ;;
speak)
	# It speaks TLS, whatever is asked.
	case "$SCHEME $2" in "http nss-tstclnt") exit 75 ;; esac
	set +e
	base=sql:$FOLDER/base
	mkdir "$FOLDER/base"
	certutil -N -d "$base" --empty-password
	certutil -A -d "$base" -n ca -t CT,C, -i "$CA"
	told=()
	if [ -n "$CERT" ]; then
		openssl pkcs12 -export -in "$CERT" -inkey "$KEY" -passin pass: -name client -out "$FOLDER/p12" -passout pass: &&
			pk12util -i "$FOLDER/p12" -d "$base" -W '' >/dev/null
		told=(-n client)
	fi
	[ -z "$TLS_MAX" ] || told+=(-V tls1.2:tls1.2)
	{ sleep 0.7; printf 'GET /health HTTP/1.1\r\nHost: etcd\r\n\r\n'; sleep 1.5; } |
		timeout 8 "$(program)" -h "$HOST" -p "$PORT" -d "$base" "${told[@]}" >"$FOLDER/said" 2>&1
	cat "$FOLDER/said"
	grep -q '"health"' "$FOLDER/said"
	;;
programs) ;;
lines) exit 1 ;;
esac
