#!/bin/bash
# Programs on GnuTLS connect to etcd. CONTRIBUTING.md says what is asked of a driver.
set -eu

case $1 in
install) command -v wget gnutls-cli >/dev/null ;;
install-lines) ;;
clients)
	echo "wget-gnutls $(wget --version | sed -n '1s/GNU Wget \([^ ]*\).*/wget \1/p')"
	echo "wget-gnutls-ec $(wget --version | sed -n '1s/GNU Wget \([^ ]*\).*/wget \1/p'), P-256 client key"
	echo "gnutls-cli $(gnutls-cli --version | head -1)"
	;;
speak)
	# It speaks TLS, whatever is asked.
	case "$SCHEME $2" in "http gnutls-cli") exit 75 ;; esac
	case $2 in
	wget*)
		told=(-O- --tries=1 --timeout=5 --ca-certificate="$CA" --post-data='{"key":"Zm9v"}')
		[ -z "$CERT" ] || told+=(--certificate="$CERT" --private-key="$KEY")
		[ -z "$TLS_MAX" ] || told+=(--secure-protocol=TLSv1_2 --ciphers=NORMAL:-VERS-TLS1.3)
		exec wget "${told[@]}" "$ENDPOINT/v3/kv/range" 2>&1
		;;
	gnutls-cli)
		told=(--port="$PORT" --x509cafile="$CA")
		[ -z "$CERT" ] || told+=(--x509certfile="$CERT" --x509keyfile="$KEY")
		[ -z "$TLS_MAX" ] || told+=(--priority=NORMAL:-VERS-TLS1.3)
		{ sleep 0.5; printf 'GET /health HTTP/1.1\r\nHost: etcd\r\n\r\n'; sleep 1.5; } | gnutls-cli "${told[@]}" "$HOST" >"$FOLDER/said" 2>&1 || true
		cat "$FOLDER/said"
		grep -q '"health"' "$FOLDER/said"
		;;
	esac
	;;
programs) ;;
lines) exit 1 ;;
esac
