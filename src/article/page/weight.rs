//! How much a text says, counted so that scripts with and without an alphabet compare.

/// How much a text says, in letters and digits; an ideograph or a syllable block
/// stands for about two and a half letters of an alphabet.
pub(crate) fn weight(text: &str) -> usize {
    half_weight(text) / 2
}

/// Twice [`weight`], which sums without loss.
pub(super) fn half_weight(text: &str) -> usize {
    if text.is_ascii() {
        return 2 * text.bytes().filter(u8::is_ascii_alphanumeric).count();
    }
    let mut halves = 0;
    for c in text.chars() {
        halves += match u32::from(c) {
            0..=0x7F => 2 * usize::from(c.is_ascii_alphanumeric()),
            // The letters of Latin and Cyrillic text and its punctuation, for speed.
            0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2AF | 0x400..=0x481 => 2,
            0x2000..=0x206F => 0,
            0x3040..=0x30FF
            | 0x3400..=0x9FFF
            | 0xAC00..=0xD7AF
            | 0xF900..=0xFAFF
            | 0x2_0000..=0x3_FFFF => 5,
            _ if c.is_alphanumeric() => 2,
            _ => 0,
        };
    }
    halves
}
