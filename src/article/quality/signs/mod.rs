//! Tables of what pages and files say that stand in an article's place. Data alone: what a
//! phrase is worth, and where it must stand, is decided by the rules that use it.

mod consent;
mod listing;
mod paywall;
mod trouble;

pub(crate) use self::{
    consent::{ACCEPT, ASKING, BOILERPLATE, CONSENT},
    listing::{LISTING_HEAD, LISTING_PATH},
    paywall::{PAYWALL, PAYWALL_HINT, SUBSCRIBE},
    trouble::{BOT_HINT, BOT_WALL, ERROR, ERROR_HEAD},
};

/// How files begin that are no pages, and what they are.
pub(crate) const MAGIC: &[(&[u8], &str)] = &[
    (b"\x00\x00\x00", "a picture or a film"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"%!PS", "a PostScript document"),
    (b"%PDF", "a PDF"),
    (b"GIF8", "a GIF picture"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"RIFF", "a picture or a recording"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7FELF", "a program"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xD0\xCF\x11\xE0", "an office document"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        for list in [
            BOT_WALL,
            BOT_HINT,
            ERROR,
            ERROR_HEAD,
            ACCEPT,
            CONSENT,
            ASKING,
            PAYWALL,
            PAYWALL_HINT,
            SUBSCRIBE,
            LISTING_HEAD,
            LISTING_PATH,
            BOILERPLATE,
        ] {
            for pair in list.windows(2) {
                assert!(
                    pair[0] < pair[1],
                    "`{}` stands before `{}`",
                    pair[0],
                    pair[1]
                );
            }
        }
        assert!(MAGIC.is_sorted());
    }
}
