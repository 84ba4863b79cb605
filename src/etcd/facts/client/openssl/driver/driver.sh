#!/bin/bash
# Programs on OpenSSL connect to etcd. CONTRIBUTING.md says what is asked of a driver.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$LIBRARIES/root
export LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu

free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# SERVER_BLOCK: nginx with it, asked once.
nginx() {
	port=$(free)
	{
		printf 'daemon off; master_process off; pid %s/pid; error_log %s/error.log info; events {}\n' "$FOLDER" "$FOLDER"
		printf 'http { access_log off;\n'
		for kind in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/temp;\n' $kind "$FOLDER"; done
		printf 'server { listen 127.0.0.1:%s;\n' "$port"
		cat "$1"
		printf '\n} }\n'
	} >"$FOLDER/nginx.conf"
	touch "$FOLDER/error.log"
	"$root/usr/sbin/nginx" -p "$FOLDER" -c "$FOLDER/nginx.conf" -e "$FOLDER/error.log" 2>&1 &
	server=$!
	sleep 0.7
	status=$(curl -s -o /dev/null -w '%{http_code}' --max-time 5 "http://127.0.0.1:$port/health") || true
	echo "nginx answered $status"
	kill $server 2>/dev/null || true
	wait $server || true
	grep -E '\[(warn|error|crit|alert|emerg)\]' "$FOLDER/error.log" || true
	[ "$status" = 200 ]
}

# BACKENDS: HAProxy with them, asked for a while.
haproxy() {
	port=$(free)
	{
		printf 'global\n  log stdout format raw local0\ndefaults\n  mode http\n  log global\n  option log-health-checks\n'
		printf '  timeout connect 2s\n  timeout client 5s\n  timeout server 5s\n'
		printf 'frontend all\n  bind 127.0.0.1:%s\n  default_backend etcd\n' "$port"
		cat "$1"
	} >"$FOLDER/haproxy.cfg"
	"$root/usr/sbin/haproxy" -db -f "$FOLDER/haproxy.cfg" >"$FOLDER/haproxy.log" 2>&1 &
	server=$!
	sleep 2.2
	status=$(curl -s -o /dev/null -w '%{http_code}' --max-time 5 "http://127.0.0.1:$port/health") || true
	kill $server 2>/dev/null || true
	wait $server || true
	cat "$FOLDER/haproxy.log"
	echo "through haproxy: $status"
	[ "$status" = 200 ]
}

case $1 in
install)
	[ -e "$LIBRARIES/ready" ] && exit
	mkdir -p "$root" && cd "$LIBRARIES"
	packages="nginx haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1"
	apt-get -qq download $packages || { apt-get -qq update && apt-get -qq download $packages; }
	for package in *.deb; do dpkg-deb -x "$package" root; done
	touch ready
	;;
install-lines) ;;
clients)
	echo "curl-openssl $(curl --version | sed -n '1s/^curl \([^ ]*\).* \(OpenSSL[^ ]*\).*/curl \1, \2/p')"
	echo "openssl-s_client $(openssl version | cut -d' ' -f1,2)"
	echo "perl-http-tiny HTTP::Tiny $(perl -MHTTP::Tiny -e 'print $HTTP::Tiny::VERSION'), IO::Socket::SSL $(perl -MIO::Socket::SSL -e 'print $IO::Socket::SSL::VERSION')"
	echo "ruby-nethttp Ruby $(ruby -e 'print RUBY_VERSION') net/http"
	echo "ruby-grpc ruby-grpc $(dpkg-query -W -f '${Version}' ruby-grpc)"
	echo "php-curl PHP $(php -r 'echo PHP_VERSION;') ext/curl"
	echo "php-stream PHP $(php -r 'echo PHP_VERSION;') file_get_contents"
	echo "luasec LuaSec $(dpkg-query -W -f '${Version}' lua-sec)"
	echo "nginx nginx $(dpkg-deb -f "$LIBRARIES"/nginx_*.deb Version)"
	echo "haproxy haproxy $(dpkg-deb -f "$LIBRARIES"/haproxy_*.deb Version), check"
	echo "haproxy-httpchk haproxy $(dpkg-deb -f "$LIBRARIES"/haproxy_*.deb Version), option httpchk"
	;;
speak)
	# It can't be limited to TLS 1.2.
	case "$TLS_MAX $2" in "1.2 ruby-grpc") exit 75 ;; esac
	# It speaks TLS, whatever is asked.
	case "$SCHEME $2" in "http openssl-s_client") exit 75 ;; esac
	set +e
	case $2 in
	curl-openssl)
		told=(-sS --max-time 5 --cacert "$CA")
		[ -z "$CERT" ] || told+=(--cert "$CERT" --key "$KEY")
		[ -z "$TLS_MAX" ] || told+=(--tls-max "$TLS_MAX")
		unset LD_LIBRARY_PATH
		curl "${told[@]}" -w '\n%{http_code}\n' "$ENDPOINT/v3/kv/range" -d '{"key":"Zm9v"}' >"$FOLDER/said" 2>&1
		status=$?
		cat "$FOLDER/said"
		[ $status = 0 ] && [ "$(tail -1 "$FOLDER/said")" = 200 ]
		;;
	openssl-s_client)
		told=(-connect "$HOST:$PORT" -CAfile "$CA" -verify_return_error)
		case $HOST in *[a-z]*) told+=(-verify_hostname "$HOST" -servername "$HOST") ;; *) told+=(-verify_ip "$HOST") ;; esac
		[ -z "$CERT" ] || told+=(-cert "$CERT" -key "$KEY" -pass pass:)
		[ -z "$TLS_MAX" ] || told+=(-tls1_2)
		{ sleep 0.5; printf 'GET /health HTTP/1.1\r\nHost: etcd\r\n\r\n'; sleep 1.5; } | openssl s_client "${told[@]}" >"$FOLDER/said" 2>&1
		grep -vE '^(MII|[A-Za-z0-9+/=]{64}$|    [0-9a-f]{4} - )' "$FOLDER/said"
		grep -q '"health"' "$FOLDER/said"
		;;
	perl-http-tiny) exec perl "$here/speak.pl" 2>&1 ;;
	ruby-nethttp) exec ruby "$here/http.rb" 2>&1 ;;
	ruby-grpc) exec ruby "$here/grpc.rb" 2>&1 ;;
	php-curl) exec php "$here/curl.php" 2>&1 ;;
	php-stream) exec php "$here/stream.php" 2>&1 ;;
	luasec) exec lua5.3 "$here/luasec.lua" 2>&1 ;;
	nginx)
		# It never matches an address.
		case $HOST in *[a-z]*) name=$HOST ;; *) name=localhost ;; esac
		{
			printf 'location / { proxy_pass %s; proxy_ssl_verify on; proxy_ssl_name %s; proxy_ssl_trusted_certificate %s;\n' "$ENDPOINT" "$name" "$CA"
			[ -z "$CERT" ] || printf 'proxy_ssl_certificate %s; proxy_ssl_certificate_key %s;\n' "$CERT" "$KEY"
			if [ -n "$TLS_MAX" ]; then printf 'proxy_ssl_protocols TLSv1.2; }\n'; else printf 'proxy_ssl_protocols TLSv1.2 TLSv1.3; }\n'; fi
		} >"$FOLDER/server"
		nginx "$FOLDER/server"
		;;
	haproxy | haproxy-httpchk)
		both=
		if [ -n "$CERT" ]; then
			cat "$CERT" "$KEY" >"$FOLDER/both.pem"
			both="crt $FOLDER/both.pem"
		fi
		tls=
		[ "$SCHEME" = http ] || tls="ssl verify required ca-file $CA $both ${TLS_MAX:+ssl-max-ver TLSv1.2}"
		{
			printf 'backend etcd\n'
			[ "$2" = haproxy ] || printf '  option httpchk GET /health\n'
			printf '  server etcd1 %s:%s check inter 500ms fall 2 rise 1 %s\n' "$HOST" "$PORT" "$tls"
		} >"$FOLDER/backend"
		haproxy "$FOLDER/backend"
		;;
	esac
	;;
programs) printf '%s\n' haproxy nginx ;;
lines)
	case $2 in
	haproxy) haproxy "$3" ;;
	nginx) nginx "$3" ;;
	esac
	;;
esac
