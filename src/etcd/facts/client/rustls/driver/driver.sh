#!/bin/bash
# Programs in Rust connect to etcd, with rustls or with OpenSSL. CONTRIBUTING.md says
# what is asked of a driver.
set -eu
export CARGO_PROFILE_DEV_DEBUG=0 RUSTFLAGS=''
here=$(cd "$(dirname "$0")" && pwd)

# FEATURE: the driver with that TLS.
built() {
	[ -x "$LIBRARIES/$1" ] && return
	mkdir -p "$LIBRARIES/package"
	cp -r "$here/src" "$LIBRARIES/package"
	cp "$here/manifest.toml" "$LIBRARIES/package/Cargo.toml"
	cp "$here/manifest.lock" "$LIBRARIES/package/Cargo.lock"
	(cd "$LIBRARIES/package" && cargo build --quiet --locked --bin speak --features "$1" --target-dir "$LIBRARIES/target")
	cp "$LIBRARIES/target/debug/speak" "$LIBRARIES/$1"
}

case $1 in
install)
	built rustls
	built openssl
	;;
install-lines) built rustls ;;
clients)
	echo "rust-etcd-client-rustls etcd-client 0.21.1 tls"
	echo "rust-etcd-client-openssl etcd-client 0.21.1 tls-openssl"
	echo "rust-reqwest-rustls reqwest 0.13 rustls"
	echo "rust-reqwest-native reqwest 0.13 native-tls"
	;;
speak)
	# etcd-client's options have no limit to TLS 1.2.
	case "$TLS_MAX $2" in 1.2\ rust-etcd-client-*) exit 75 ;; esac
	case $2 in
	rust-etcd-client-rustls) exec "$LIBRARIES/rustls" etcd-client ;;
	rust-etcd-client-openssl) exec "$LIBRARIES/openssl" etcd-client ;;
	rust-reqwest-rustls) exec "$LIBRARIES/rustls" reqwest ;;
	rust-reqwest-native) exec "$LIBRARIES/openssl" reqwest ;;
	esac
	;;
programs) printf '%s\n' rust ;;
lines)
	package=$FOLDER/lines
	mkdir -p "$package/src"
	sed -e "/LINES/{r $3" -e 'd}' "$here/lines.rs.frame" >"$package/src/main.rs"
	cp "$here/manifest.toml" "$package/Cargo.toml"
	cp "$here/manifest.lock" "$package/Cargo.lock"
	cd "$package"
	exec cargo run --quiet --locked --bin speak --features rustls --target-dir "$LIBRARIES/target"
	;;
esac
