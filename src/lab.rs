//! A plan in, files out: the one place where `pki` and `etcd` meet.
