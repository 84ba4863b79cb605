//go:build programs

// Package etcd names the two programs that are built from this module. Their
// own modules have replace lines, which forbid `go install`.
package etcd

import (
	_ "go.etcd.io/etcd/etcdctl/v3"
	_ "go.etcd.io/etcd/server/v3"
)
