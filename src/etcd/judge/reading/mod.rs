//! Command lines, configurations and files, read as etcd and etcdctl read them.

pub mod client_configuration;
pub mod command_line;
pub mod config_file;
pub mod feature_gates;
pub mod files;
pub mod go_yaml;
pub mod host;
pub mod material;
pub mod proxy;
pub mod server_configuration;
mod server_flags;
pub mod server_settings;
pub mod urls;
