//! What a type says of itself, as a table: a variant and its sentence a row.

/// Writes [`Display`](std::fmt::Display) of a type from rows `PATTERN => "sentence", VALUES;`,
/// with what the pattern binds by name in the sentence.
macro_rules! sentences {
    ($type:ty { $($pattern:pat => $sentence:literal $(, $value:expr)*;)* }) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $($pattern => write!(formatter, $sentence $(, $value)*),)*
                }
            }
        }
    };
}
