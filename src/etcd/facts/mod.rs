//! What is known of etcd, as data: its releases and the flags that they take.
//! No rule is applied here; whoever writes, judges or tells looks it up.

pub mod alert;
pub mod behaviour;
pub mod client;
pub mod client_form;
pub mod client_program;
pub mod etcdctl_option;
pub mod etcdctl_v2;
pub mod feature_gate;
pub mod key_types;
pub mod kubeadm;
pub mod option;
pub mod port;
pub mod release;
pub mod rule;
pub mod saying;
pub mod slip;
pub mod variable;
