//! How the columns of `state.db` hold moments and numbers.

use jiff::Timestamp;

/// The moment of a column of milliseconds.
pub(super) fn timestamp(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A number as a column has it.
pub(super) fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of a column, none of which is below 0.
pub(super) fn as_u64(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
