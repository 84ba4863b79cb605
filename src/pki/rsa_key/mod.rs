//! The making of RSA keys, on its own and replaceable.
