//! The blocks of known pages as numbers, for `training/train.py`.
//!
//! `blocks [--first FILE] PAGE…` prints one line of JSON for each page (`.html`, also
//! `.gz`). FILE has a line for each page in the same order: what the first model said
//! of each block, as a JSON array; then the numbers of the second look are there too.

use std::io::{self, BufWriter, Read as _, Write as _};

use prism::{article::content::training, fetch::Page};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mut answers = None;
    if files.first().is_some_and(|arg| arg == "--first") && files.len() > 1 {
        answers = Some(std::fs::read_to_string(files.remove(1))?);
        files.remove(0);
    }
    let mut answers = answers.as_deref().map(str::lines);
    let mut out = BufWriter::new(io::stdout().lock());
    for file in files {
        let raw = std::fs::read(&file)?;
        let zipped = std::path::Path::new(&file)
            .extension()
            .is_some_and(|end| end == "gz");
        let body = if zipped {
            let mut body = Vec::new();
            flate2::read::MultiGzDecoder::new(raw.as_slice()).read_to_end(&mut body)?;
            body
        } else {
            raw
        };
        let first: Option<Vec<f32>> = answers
            .as_mut()
            .map(|lines| serde_json::from_str(lines.next().unwrap_or("[]")))
            .transpose()?;
        let page = Page {
            url: None,
            status: 200,
            content_type: None,
            body: body.into(),
            retrieved: jiff::Timestamp::UNIX_EPOCH,
        };
        let blocks = training::examples(&page, first.as_deref());
        let blocks: Vec<_> = blocks
            .iter()
            .map(|block| {
                if first.is_some() {
                    serde_json::json!({ "second": block.second })
                } else {
                    serde_json::json!({
                        "text": block.text, "first": block.first, "words": block.words,
                    })
                }
            })
            .collect();
        writeln!(
            out,
            "{}",
            serde_json::json!({ "page": file, "blocks": blocks })
        )?;
    }
    out.flush()?;
    Ok(())
}
