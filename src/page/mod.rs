//! Values in, markup out. Pure, and tested natively.
