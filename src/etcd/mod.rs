//! What etcd needs and what etcd says: plans, commands, verdicts.
