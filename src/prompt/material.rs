//! What of a story goes into a prompt: its sources, fenced as data, and the
//! quotations that may be chosen from.
//!
//! Whatever comes from a page is made harmless here and nowhere else: no text can
//! close the fence or look like the markup of a chat. The words stay as they are;
//! only glyphs change (`<` becomes `＜`, straight quotation marks become curly), and
//! Unicode's compatibility normalisation, with the check's folding of quotation
//! marks, brings them back. Addresses are never part of a prompt.

use serde::Serialize;

use crate::{
    article::{
        Article,
        quotation::{Candidate, Quotation, quotations},
    },
    pack::{Excerpt, Part},
    story::Story,
    text::{Span, word_count},
};

/// Fewer words say nothing when they are set off, more do not fit a pull quote.
const WORDS: std::ops::RangeInclusive<usize> = 5..=60;

/// A longer list costs tokens and small models lose their way in it.
const MOST_CANDIDATES: usize = 12;

/// Stands where blocks of a source are not shown.
const LEFT_OUT: &str = "[left out]";

/// Marks of [`LEFT_OUT`] in one source that [`blank`] makes room for; a packer rarely
/// leaves more separate holes.
const EXPECTED_GAPS: usize = 16;

/// The control words that models of the Mistral family read in square brackets; every
/// other family's markup begins with `<` or stands at the start of a line. Sorted.
pub(super) const BRACKETED: [&str; 7] = [
    "AVAILABLE_TOOLS",
    "IMG",
    "INST",
    "MODEL_SETTINGS",
    "SYSTEM_PROMPT",
    "TOOL_CALLS",
    "TOOL_RESULTS",
];

/// English names of languages, sorted by tag: a small model knows "German" better
/// than `de`.
pub(super) const LANGUAGES: [(&str, &str); 40] = [
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("nb", "Norwegian"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("th", "Thai"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// One source as a template sees it.
#[derive(Serialize)]
pub(super) struct ShownSource {
    id: String,
    title: Option<String>,
    outlet: Option<String>,
    byline: Option<String>,
    published: Option<String>,
    text: String,
}

/// One quotation as a template sees it.
#[derive(Serialize)]
pub(super) struct ShownCandidate {
    text: String,
    speaker: Option<String>,
    source: String,
}

/// The quotations of the shown blocks that may become the pull quote, in the order of
/// the sources. Where a speaker is known, words of nobody are not offered: a pull quote
/// names who said it.
pub fn candidates(story: &Story, excerpt: &Excerpt) -> Vec<Candidate> {
    let mut found = eligible(story, excerpt);
    if found.iter().any(|candidate| candidate.speaker.is_some()) {
        found.retain(|candidate| candidate.speaker.is_some());
    }
    found.truncate(MOST_CANDIDATES);
    found
}

/// The longest quotations of the whole story: what [`candidates`] can cost at most.
pub(super) fn longest_candidates(story: &Story) -> Vec<Candidate> {
    let everything = Excerpt {
        parts: story.sources().iter().map(|s| whole(&s.article)).collect(),
    };
    let mut found = eligible(story, &everything);
    keep_first_by(&mut found, |candidate| {
        usize::MAX - (candidate.span.end - candidate.span.start)
    });
    found
}

/// The sources as the model is shown them.
pub(super) fn shown(story: &Story, excerpt: &Excerpt) -> Vec<ShownSource> {
    story
        .sources()
        .iter()
        .zip(&excerpt.parts)
        .map(|(source, part)| frame(&source.id, &source.article, body(&source.article, part)))
        .collect()
}

/// The sources without their text, but with the marks that stand for what is left out.
pub(super) fn blank(story: &Story) -> Vec<ShownSource> {
    story
        .sources()
        .iter()
        .map(|source| {
            let holes = source.article.blocks.len().div_ceil(2).min(EXPECTED_GAPS);
            let text = vec![LEFT_OUT; holes].join("\n\n");
            frame(&source.id, &source.article, text)
        })
        .collect()
}

/// Whether any block of the story is not shown.
pub(super) fn has_gaps(story: &Story, excerpt: &Excerpt) -> bool {
    story
        .sources()
        .iter()
        .zip(&excerpt.parts)
        .any(|(source, part)| body(&source.article, part).contains(LEFT_OUT))
}

/// The candidates as the model is shown them.
pub(super) fn shown_candidates(story: &Story, candidates: &[Candidate]) -> Vec<ShownCandidate> {
    candidates
        .iter()
        .filter_map(|candidate| {
            let text = &story.source(&candidate.source)?.article.text;
            Some(ShownCandidate {
                text: line(text.get(candidate.span.start..candidate.span.end)?),
                speaker: candidate.speaker.as_ref().map(|who| match &who.role {
                    Some(role) => line(&format!("{}, {role}", who.name)),
                    None => line(&who.name),
                }),
                source: candidate.source.clone(),
            })
        })
        .collect()
}

/// Foreign text made harmless for a prompt: the same words, other glyphs.
pub(super) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        let line_start = previous.is_none_or(|p| p == '\n');
        out.push(match c {
            '<' => '＜',
            '#' if line_start => '＃',
            '[' if opens_control_word(&text[at + 1..]) => '［',
            '"' if opens_quotation(previous) => '“',
            '"' => '”',
            c => c,
        });
        // White space before a `#` does not hide it from a model.
        let still_at_start = line_start && c.is_whitespace();
        previous = Some(if still_at_start { '\n' } else { c });
    }
    out
}

/// Foreign text as one harmless line.
pub(super) fn line(text: &str) -> String {
    harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A language as a prompt names it, such as `German (de)`.
pub(super) fn language_name(tag: &str) -> String {
    let primary = tag.split('-').next().unwrap_or(tag).to_lowercase();
    match LANGUAGES.binary_search_by_key(&primary.as_str(), |(tag, _)| tag) {
        Ok(at) => format!("{} ({tag})", LANGUAGES[at].1),
        Err(_) => tag.to_owned(),
    }
}

fn frame(id: &str, article: &Article, text: String) -> ShownSource {
    let some = |text: String| (!text.is_empty()).then_some(text);
    ShownSource {
        id: id.to_owned(),
        title: article.title.as_deref().map(line).and_then(some),
        outlet: article.outlet.as_deref().map(line).and_then(some),
        byline: some(line(&article.byline.join(", "))),
        published: article.published.map(|moment| moment.date().to_string()),
        text,
    }
}

/// The shown blocks of `article`, with a mark for each hole between them.
fn body(article: &Article, part: &Part) -> String {
    let mut pieces: Vec<String> = Vec::new();
    let mut next = 0;
    for &at in &part.blocks {
        let Some(block) = article.blocks.get(at) else {
            continue;
        };
        if at != next {
            pieces.push(LEFT_OUT.to_owned());
        }
        next = at + 1;
        // A page that writes the mark itself must not speak in our name.
        let text = harmless(block.span.of(&article.text));
        pieces.push(text.replace(LEFT_OUT, "［left out]"));
    }
    if next < article.blocks.len() {
        pieces.push(LEFT_OUT.to_owned());
    }
    pieces.join("\n\n")
}

fn eligible(story: &Story, excerpt: &Excerpt) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (source, part) in story.sources().iter().zip(&excerpt.parts) {
        let mut of_source = quotations(&source.article);
        of_source.sort_by_key(|quotation| quotation.span);
        found.extend(choose(&source.id, &source.article, part, of_source));
    }
    found
}

/// Those of `quotations` that can be shown and set off, without repetition.
pub(super) fn choose(
    id: &str,
    article: &Article,
    part: &Part,
    quotations: Vec<Quotation>,
) -> Vec<Candidate> {
    let shown: Vec<Span> = part
        .blocks
        .iter()
        .filter_map(|&at| article.blocks.get(at))
        .map(|block| block.span)
        .collect();
    let mut chosen: Vec<Candidate> = Vec::new();
    for quotation in quotations {
        let Some(text) = article.text.get(quotation.span.start..quotation.span.end) else {
            continue;
        };
        // The comma before "said she" belongs to the sentence around the quotation.
        let text = text.trim_end().trim_end_matches([',', '，']);
        let span = Span::new(quotation.span.start, quotation.span.start + text.len());
        let whole = !text.contains(['…', '[', ']']) && !text.contains("...");
        let repeated = chosen
            .iter()
            .any(|other| other.span.overlaps(span) || other.span.of(&article.text) == text);
        // Shown blocks stand in order, so only the last one that starts before the
        // quotation can hold it.
        let holder = shown.partition_point(|block| block.start <= span.start);
        let visible = holder > 0 && shown[holder - 1].contains(span);
        if visible && whole && !repeated && WORDS.contains(&word_count(text)) {
            chosen.push(Candidate {
                source: id.to_owned(),
                span,
                speaker: quotation.speaker,
            });
        }
    }
    chosen
}

/// Keeps the [`MOST_CANDIDATES`] with the smallest `rank`, in the order they had.
pub(super) fn keep_first_by<K: Ord>(
    candidates: &mut Vec<Candidate>,
    rank: impl Fn(&Candidate) -> K,
) {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&at| rank(&candidates[at]));
    let mut kept = vec![false; candidates.len()];
    for at in order.into_iter().take(MOST_CANDIDATES) {
        kept[at] = true;
    }
    let mut at = 0;
    candidates.retain(|_| {
        at += 1;
        kept[at - 1]
    });
}

fn whole(article: &Article) -> Part {
    Part {
        blocks: (0..article.blocks.len()).collect(),
        tokens: 0,
        share: 1.0,
    }
}

fn opens_quotation(previous: Option<char>) -> bool {
    previous.is_none_or(|c| c.is_whitespace() || "([{“‘«„—–-/".contains(c))
}

/// Whether what follows a `[` is a control word and its closing bracket.
fn opens_control_word(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest
        .bytes()
        .position(|b| !(b.is_ascii_uppercase() || b == b'_'))
        .unwrap_or(rest.len());
    rest[end..].starts_with(']') && BRACKETED.binary_search(&&rest[..end]).is_ok()
}
