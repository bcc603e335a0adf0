//! Undoes `Content-Encoding`, with the limit enforced while decoding.
//!
//! The HTTP client's own decoding is off: it neither bounds the decoded bytes nor
//! takes raw deflate. A stream that is cut or broken is an error, also where some
//! text came out of it: half an article must not pass for a whole one.

use std::io::Read;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status, bufread::GzDecoder};

/// Why a body does not decode.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Undecodable {
    /// It holds more bytes than allowed.
    TooLarge,
    /// It is broken, or encoded in a way that is not known.
    Broken(String),
}

/// Nobody encodes a page more than twice; each layer may cost `limit` bytes of work.
const MOST_LAYERS: usize = 3;

/// Output is made in pieces of this size, so a bomb is noticed soon.
const PIECE: usize = 32 * 1024;

/// The encodings in the values of `Content-Encoding`, in the order in which they
/// were applied.
pub(super) fn encodings<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    values
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect()
}

/// `body` without `encodings`, of at most `limit` bytes.
pub(super) fn decode(
    encodings: &[String],
    body: Bytes,
    limit: usize,
) -> Result<Bytes, Undecodable> {
    if encodings.len() > MOST_LAYERS {
        return Err(Undecodable::Broken(format!(
            "{} encodings on top of each other",
            encodings.len()
        )));
    }
    let mut body = body;
    for name in encodings.iter().rev() {
        if body.is_empty() {
            return Ok(body);
        }
        let layer = match name.as_str() {
            "gzip" | "x-gzip" => gzip(&body, limit)?,
            "deflate" => deflate(&body, limit)?,
            "br" => brotli(&body, limit)?,
            _ => {
                return Err(Undecodable::Broken(format!(
                    "the encoding `{name}` is not known"
                )));
            }
        };
        body = layer.into();
    }
    Ok(body)
}

/// One or more gzip members; what follows the last is ignored, as browsers do.
fn gzip(body: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
    let mut text = Vec::new();
    let mut piece = vec![0; PIECE];
    let mut rest = body;
    loop {
        let mut decoder = GzDecoder::new(rest);
        loop {
            match decoder.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => append(&mut text, &piece[..read], limit)?,
                Err(error) => return Err(Undecodable::Broken(format!("gzip: {error}"))),
            }
        }
        rest = decoder.into_inner();
        if !rest.starts_with(&[0x1f, 0x8b]) {
            return Ok(text);
        }
    }
}

/// Deflate with its zlib wrapping, as the standard has it, or without, as some
/// servers send it.
fn deflate(body: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
    match inflate(body, has_zlib_header(body), limit) {
        // A raw stream may begin with what looks like a zlib header.
        Err(Undecodable::Broken(detail)) if has_zlib_header(body) => inflate(body, false, limit)
            .map_err(|error| match error {
                Undecodable::Broken(_) => Undecodable::Broken(detail),
                Undecodable::TooLarge => error,
            }),
        outcome => outcome,
    }
}

/// RFC 1950: method 8, and a checksum over the first two bytes.
fn has_zlib_header(body: &[u8]) -> bool {
    matches!(body, [first, second, ..]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31))
}

fn inflate(body: &[u8], zlib: bool, limit: usize) -> Result<Vec<u8>, Undecodable> {
    let broken = |detail: &str| Undecodable::Broken(format!("deflate: {detail}"));
    let mut text = Vec::new();
    let mut piece = vec![0; PIECE];
    let mut decoder = Decompress::new(zlib);
    let mut rest = body;
    loop {
        let (in_before, out_before) = (decoder.total_in(), decoder.total_out());
        let status = decoder
            .decompress(rest, &mut piece, FlushDecompress::None)
            .map_err(|error| broken(&error.to_string()))?;
        let read = usize::try_from(decoder.total_in() - in_before).unwrap_or(usize::MAX);
        let made = usize::try_from(decoder.total_out() - out_before).unwrap_or(usize::MAX);
        append(&mut text, &piece[..made], limit)?;
        rest = &rest[read..];
        match status {
            Status::StreamEnd => return Ok(text),
            _ if read == 0 && made == 0 => return Err(broken("unexpected end of data")),
            _ => {}
        }
    }
}

fn brotli(body: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
    // Strict: a "large window" stream, which no browser takes, may ask for a gigabyte.
    let mut state = BrotliState::new_strict(
        StandardAlloc::default(),
        StandardAlloc::default(),
        StandardAlloc::default(),
    );
    let mut text = Vec::new();
    let mut piece = vec![0; PIECE];
    let (mut left, mut at, mut total) = (body.len(), 0, 0);
    loop {
        let (mut room, mut made) = (piece.len(), 0);
        let result = BrotliDecompressStream(
            &mut left, &mut at, body, &mut room, &mut made, &mut piece, &mut total, &mut state,
        );
        append(&mut text, &piece[..made], limit)?;
        let detail = match result {
            BrotliResult::ResultSuccess => return Ok(text),
            BrotliResult::NeedsMoreOutput => continue,
            BrotliResult::NeedsMoreInput => "unexpected end of data",
            BrotliResult::ResultFailure => "invalid data",
        };
        return Err(Undecodable::Broken(format!("br: {detail}")));
    }
}

fn append(text: &mut Vec<u8>, piece: &[u8], limit: usize) -> Result<(), Undecodable> {
    if text.len() + piece.len() > limit {
        return Err(Undecodable::TooLarge);
    }
    text.extend_from_slice(piece);
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
pub(super) mod tests {
    use std::io::Write;

    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };

    use super::*;

    /// [`TEXT`] as zlib's `brotliCompressSync` of Node.js packs it.
    pub(in crate::fetch) const BROTLI: &[u8] =
        b"\x1b\x40\x00\xf0\x8d\x94\xaa\xc3\xbb\x06\xa1\x0a\x43\x93\x2e\x64\x6e\xb0\x01\x07\xec\x65\xfb\x4c\x83\xdd\x02\x44\x98\x39\xa5\xbe\x38\xd1\xdd\xa0\xbe\x10\xa3\x09";

    /// Four megabytes of spaces, packed by the same.
    const BROTLI_BOMB: &[u8] = b"\x9b\xff\xff\x3f\xf8\x25\x40\xe2\xb1\x40\x20\xf7\xfe\x07";

    pub(in crate::fetch) fn gzipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    pub(in crate::fetch) fn zlibbed(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    pub(in crate::fetch) fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(names: &str, body: &[u8], limit: usize) -> Result<Vec<u8>, Undecodable> {
        let names = encodings([names].into_iter());
        decode(&names, Bytes::copy_from_slice(body), limit).map(Vec::from)
    }

    pub(in crate::fetch) const TEXT: &[u8] =
        b"The council voted. The council voted again, and again, and again.";

    #[test]
    fn every_encoding_gives_the_text_back() {
        for (names, body) in [
            ("", TEXT.to_vec()),
            ("identity", TEXT.to_vec()),
            ("gzip", gzipped(TEXT)),
            (" X-GZip ,", gzipped(TEXT)),
            ("br", BROTLI.to_vec()),
            ("br, gzip", gzipped(BROTLI)),
            ("deflate", zlibbed(TEXT)),
            ("deflate", deflated(TEXT)),
            ("gzip, gzip", gzipped(&gzipped(TEXT))),
            ("deflate, gzip", gzipped(&deflated(TEXT))),
            (
                "gzip",
                [gzipped(&TEXT[..20]), gzipped(&TEXT[20..])].concat(),
            ),
            ("gzip", [gzipped(TEXT), b"\0\0padding".to_vec()].concat()),
        ] {
            assert_eq!(decoded(names, &body, 1000).unwrap(), TEXT, "{names}");
        }
        assert_eq!(decoded("gzip", b"", 1000).unwrap(), b"");
    }

    #[test]
    fn the_limit_is_on_decoded_bytes() {
        assert_eq!(decoded("gzip", &gzipped(TEXT), TEXT.len()).unwrap(), TEXT);
        let bomb = vec![b' '; 4 << 20];
        for (names, body) in [
            ("gzip", gzipped(&bomb)),
            ("deflate", zlibbed(&bomb)),
            ("deflate", deflated(&bomb)),
            ("gzip, gzip", gzipped(&gzipped(&bomb))),
            ("br", BROTLI_BOMB.to_vec()),
        ] {
            assert_eq!(
                decoded(names, &body, 1 << 20),
                Err(Undecodable::TooLarge),
                "{names}"
            );
        }
    }

    /// No prefix of a stream passes for the whole, and no damaged byte is a panic.
    #[test]
    fn cut_and_broken_streams_are_errors() {
        for (names, body) in [
            ("gzip", gzipped(TEXT)),
            ("deflate", zlibbed(TEXT)),
            ("deflate", deflated(TEXT)),
            ("br", BROTLI.to_vec()),
        ] {
            for cut in 1..body.len() {
                assert!(
                    decoded(names, &body[..cut], 1000).is_err(),
                    "{names} cut at {cut}"
                );
            }
            for at in 0..body.len() {
                let mut damaged = body.clone();
                damaged[at] ^= 0x55;
                let _ = decoded(names, &damaged, 1000);
            }
        }
        for (names, body) in [
            ("gzip", TEXT),
            ("br", TEXT),
            ("deflate", TEXT),
            ("zstd", TEXT),
            ("gzip, gzip, gzip, gzip", TEXT),
        ] {
            assert!(
                matches!(decoded(names, body, 1000), Err(Undecodable::Broken(_))),
                "{names}"
            );
        }
    }
}
