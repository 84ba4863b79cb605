//! What scripts are told and how they ask: the answers of the verdict, the diagnosis,
//! the inspector and Go's check of chains as JSON, and plans by the names that scripts
//! have for them. The program prints these answers, and the npm package gives them; how
//! either comes to its files is its own matter. The clock and the random generator are
//! arguments here as everywhere.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod chain;
pub mod diagnosis;
pub mod inspection;
pub mod plan;
pub mod verdict;
