//! A plan in, files out: the one place where `pki` and `etcd` meet. The work is
//! cut into tasks that travel as [`wire`] has them; [`job`] does them, anywhere;
//! [`making`] says which one is next; a [`Lab`] is what was issued.

pub mod archive;
pub mod drills;
pub mod file;
mod files;
mod issued;
pub mod job;
pub mod keys;
pub mod making;
pub mod secret;
pub mod wire;

pub use file::{FileKind, LabFile};
pub use files::file_names;
pub use issued::{IssuedAuthority, IssuedIdentity, Lab, archive_stem};
