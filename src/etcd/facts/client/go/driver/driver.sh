#!/bin/bash
# Programs in Go connect to etcd. CONTRIBUTING.md says what is asked of a driver.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export GOFLAGS=-mod=readonly GOWORK=off

# PROGRAM MODULE TOOLCHAIN
built() {
	[ -x "$LIBRARIES/$1" ] && return
	(cd "$here/$2" && GOTOOLCHAIN=$3 go build -buildvcs=false -o "$LIBRARIES/$1" .)
}

# A free port.
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# CONFIGURATION: starts CoreDNS, asks it for a name, and prints what it says.
coredns() {
	port=$(free)
	"$LIBRARIES/coredns" -dns.port "$port" -conf "$1" 2>&1 &
	server=$!
	sleep 1.5
	answer=failed
	if kill -0 $server 2>/dev/null; then
		python3 - "$port" <<'ASK' && answer=served
import socket, struct, sys
question = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + b"\x03foo\x07example\x03org\0" + struct.pack(">2H", 1, 1)
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(8)
asking.sendto(question, ("127.0.0.1", int(sys.argv[1])))
try:
    answer = asking.recv(4096)[3] & 15
except TimeoutError:
    answer = "nothing"
print("answers", answer)
sys.exit(answer not in (0, 3))
ASK
		sleep 0.3
		kill $server
	fi
	wait $server || true
	[ $answer = served ]
}

# CONFIGURATION: starts Prometheus, and prints what it says of its target.
prometheus() {
	port=$(free)
	"$LIBRARIES/root/usr/bin/prometheus" --config.file="$1" --storage.tsdb.path="$FOLDER/tsdb" \
		--web.listen-address="127.0.0.1:$port" --log.level=warn 2>"$FOLDER/prometheus.log" &
	server=$!
	told=
	for _ in $(seq 30); do
		sleep 0.5
		kill -0 $server 2>/dev/null || break
		told=$(curl -s "http://127.0.0.1:$port/api/v1/targets" | python3 -c '
import json, sys
for target in json.load(sys.stdin)["data"]["activeTargets"]:
    print(target["health"], target["lastError"])' 2>/dev/null) || continue
		case $told in up* | down*) break ;; esac
	done
	kill $server 2>/dev/null || true
	wait $server || true
	echo "$told"
	cat "$FOLDER/prometheus.log"
	case $told in up*) ;; *) return 1 ;; esac
}

case $1 in
install)
	built clientv3 clientv3 go1.26.8
	built nethttp nethttp go1.26.8
	built nethttp-1.25 nethttp go1.25.12
	built nethttp-1.27 nethttp go1.27.3
	built coredns coredns go1.26.8
	if [ ! -x "$LIBRARIES/root/usr/bin/prometheus" ]; then
		mkdir -p "$LIBRARIES/root" && cd "$LIBRARIES"
		apt-get -qq download prometheus || { apt-get -qq update && apt-get -qq download prometheus; }
		dpkg-deb -x prometheus_*.deb root
	fi
	;;
install-lines)
	built kube kube go1.26.8
	built traefik traefik go1.26.8
	;;
clients)
	echo "go-clientv3 3.7.3, Go 1.26.8"
	echo "go-clientv3-rawtls 3.7.3, Go 1.26.8"
	echo "go-nethttp Go 1.26.8"
	echo "go-nethttp Go 1.25.12"
	echo "go-nethttp Go 1.27.3"
	echo "coredns-etcd CoreDNS 1.15.0, Go 1.26.8"
	echo "prometheus $(dpkg-deb -f "$LIBRARIES"/prometheus_*.deb Version)"
	;;
speak)
	# CoreDNS can't be limited to TLS 1.2.
	case "$TLS_MAX $2" in 1.2\ coredns-etcd) exit 75 ;; esac
	case "$2 $3" in
	"go-clientv3 "*) exec "$LIBRARIES/clientv3" ;;
	"go-clientv3-rawtls "*) RAW=1 exec "$LIBRARIES/clientv3" ;;
	*1.25.12) exec "$LIBRARIES/nethttp-1.25" ;;
	*1.27.3) exec "$LIBRARIES/nethttp-1.27" ;;
	"go-nethttp "*) exec "$LIBRARIES/nethttp" ;;
	"coredns-etcd "*)
		files=
		[ "$SCHEME" = https ] && files="tls $CA"
		[ "$SCHEME" = https ] && [ -n "$CERT" ] && files="tls $CERT $KEY $CA"
		printf 'example.org {\n errors\n etcd {\n path /skydns\n endpoint %s\n %s\n }\n}\n' "$ENDPOINT" "$files" >"$FOLDER/Corefile"
		coredns "$FOLDER/Corefile"
		;;
	"prometheus "*)
		{
			printf 'scrape_configs:\n - job_name: etcd\n   scrape_interval: 1s\n   scheme: %s\n' "$SCHEME"
			printf '   static_configs: [{targets: ["%s:%s"]}]\n' "$HOST" "$PORT"
			if [ "$SCHEME" = https ]; then
				printf '   tls_config:\n    ca_file: %s\n' "$CA"
				[ -z "$CERT" ] || printf '    cert_file: %s\n    key_file: %s\n' "$CERT" "$KEY"
				[ -z "$TLS_MAX" ] || printf '    max_version: TLS12\n'
			fi
		} >"$FOLDER/prometheus.yml"
		prometheus "$FOLDER/prometheus.yml"
		;;
	esac
	;;
programs) printf '%s\n' go kube-apiserver traefik coredns prometheus ;;
lines)
	case $2 in
	go)
		mkdir "$FOLDER/lines"
		cp "$here"/clientv3/go.* "$FOLDER/lines"
		sed -e "/LINES/{r $3" -e 'd}' "$here/clientv3/lines.go.frame" >"$FOLDER/lines/main.go"
		cd "$FOLDER/lines"
		GOTOOLCHAIN=go1.26.8 go run .
		;;
	kube-apiserver) xargs "$LIBRARIES/kube" <"$3" ;;
	traefik)
		cp "$3" "$FOLDER/traefik.yml"
		exec "$LIBRARIES/traefik" "$FOLDER/traefik.yml"
		;;
	coredns) coredns "$3" ;;
	prometheus)
		{ printf 'global:\n  scrape_interval: 1s\n' && cat "$3"; } >"$FOLDER/prometheus.yml"
		prometheus "$FOLDER/prometheus.yml"
		;;
	esac
	;;
esac
