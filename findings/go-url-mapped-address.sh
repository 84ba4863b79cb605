#!/usr/bin/env bash
# For two patch releases of each series Go's net/url refused a URL whose host is an
# IPv4-mapped IPv6 address, a valid literal (RFC 4291 section 2.5.5.2), and took it again.
#
# Expected: what 1.24.7 parses, 1.24.8 to 1.24.10 parse too, as patch releases do.
# Seen, asking each with `https://[::ffff:10.0.0.1]:2379`: 1.24.7 takes it, 1.24.8 and
#   1.24.9 say `invalid IPv6 host`, 1.24.10 takes it; 1.25.1, .2, .3 and .4 likewise.
#
# etcd 3.4.38 and 3.5.24 are built with Go 1.24.9; the product knows it by release.
# Needs a `go` that may fetch others (Go 1.21 or newer).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
cat >go.mod <<'MODULE'
module finding

go 1.21
MODULE
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/url"
)

func main() {
	_, err := url.Parse("https://[::ffff:10.0.0.1]:2379")
	fmt.Println(err)
}
GO
refused='parse "https://[::ffff:10.0.0.1]:2379": invalid IPv6 host'
status=0
while read -r release expected; do
  seen=$(GOTOOLCHAIN="go$release" go run .)
  echo "Go $release: $seen"
  if [ "$expected" = taken ]; then wanted='<nil>'; else wanted=$refused; fi
  [ "$seen" = "$wanted" ] || status=1
done <<'RELEASES'
1.24.7 taken
1.24.8 refused
1.24.9 refused
1.24.10 taken
1.25.1 taken
1.25.2 refused
1.25.3 refused
1.25.4 taken
RELEASES
exit $status
