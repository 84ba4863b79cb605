//! Values in, markup out: what the page shows and what changes on which event.
//! Pure, and tested natively; `browser` carries events in and markup out. All
//! text of a reader's goes through `maud`, which escapes it.
//!
//! A [`Session`](session::Session) is everything that one open page knows; a
//! [`View`](view::View) is what of it can be seen.

pub mod authority;
pub mod commands;
pub mod desk;
pub mod diagnosis;
pub mod drills;
pub mod dry_run;
pub mod export;
pub mod field;
pub mod files;
pub mod identities;
pub mod jobs;
pub mod key_types;
pub mod link;
pub mod members;
pub mod needs;
pub mod progress;
pub mod session;
pub mod trials;
pub mod view;
pub mod words;
