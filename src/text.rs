//! Spans, sentences and words: what every stage says about a piece of text.
//!
//! Inside the program a place in a text is a [`Span`] of bytes on character
//! boundaries. In JSON it is a pair of [`Points`], Unicode code points; the two
//! are converted where a document is written or read, and nowhere else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

/// A half-open range of bytes in one text; both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end }
    }

    /// The text that the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// The span moved `by` bytes to the right, from a part's text into the whole.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The span without white space at its ends.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let inner = self.of(text);
        let start = self.start + (inner.len() - inner.trim_start().len());
        Self::new(start, start + inner.trim().len())
    }

    /// The same place counted in code points, for JSON.
    pub fn to_points(self, text: &str) -> Points {
        let start = text[..self.start].chars().count();
        Points {
            start,
            end: start + self.of(text).chars().count(),
        }
    }
}

/// A text whose places are counted in code points again and again: [`Span::to_points`]
/// counts from its beginning each time.
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// The code points before every [`Self::STEP`]th byte; none for a text of ASCII, where
    /// the two are one.
    counts: Vec<usize>,
}

impl<'t> CodePoints<'t> {
    const STEP: usize = 512;

    /// Counts the code points of `text`.
    pub fn new(text: &'t str) -> Self {
        let mut counts = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for part in text.as_bytes().chunks(Self::STEP) {
                counts.push(count);
                count += starts(part);
            }
        }
        Self { text, counts }
    }

    /// The text itself.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The same place as [`Span::to_points`] says.
    pub fn points(&self, span: Span) -> Points {
        Points {
            start: self.before(span.start),
            end: self.before(span.end),
        }
    }

    fn before(&self, at: usize) -> usize {
        // At the end of the text there may be no further step.
        let step = (at / Self::STEP).min(self.counts.len().saturating_sub(1));
        match self.counts.get(step) {
            Some(count) => count + starts(&self.text.as_bytes()[step * Self::STEP..at]),
            None => at,
        }
    }
}

/// How many code points begin among these bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A half-open range of Unicode code points: a [`Span`] as JSON has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Points {
    /// The same place in bytes, or `None` where the text is too short for it.
    pub fn to_span(self, text: &str) -> Option<Span> {
        let mut offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let start = offsets.by_ref().nth(self.start)?;
        match self.end.checked_sub(self.start)? {
            0 => Some(Span::new(start, start)),
            more => Some(Span::new(start, offsets.nth(more - 1)?)),
        }
    }
}

/// The sentences of `text` in order, without the white space around them.
///
/// `language` is a BCP 47 tag; rules of English stand in where it is unknown.
/// A line break always ends a sentence, since a heading has no full stop. Thai, which
/// marks no ends of sentences, has one sentence a line.
pub fn sentences(text: &str, language: Option<&str>) -> Vec<Span> {
    let primary = language
        .and_then(|tag| tag.split('-').next())
        .unwrap_or("en")
        .to_lowercase();
    let mut found = Vec::new();
    let mut start = 0;
    for window in text.split_inclusive('\n').flat_map(windows) {
        for boundary in sentencex::get_sentence_boundaries(&primary, window) {
            let span = Span::new(boundary.start_byte, boundary.end_byte)
                .shifted(start)
                .trimmed(text);
            match found.last_mut() {
                _ if span.start == span.end => {}
                Some(last) if goes_on(text, *last, span) => last.end = span.end,
                _ => found.push(span),
            }
        }
        start += window.len();
    }
    found
}

/// How Japanese goes on after a quotation that the sentence holds. Sorted.
const QUOTED: &[&str] = &["って", "と", "など", "の", "を"];
/// Words of saying in Chinese, soon after a quotation. Sorted.
const SAYS: &[&str] = &[
    "介绍", "介紹", "告訴", "告诉", "喊", "回忆", "回答", "回憶", "指出", "称", "稱", "笑", "解释",
    "解釋", "表示", "說", "説", "说", "道", "问", "問", "強調", "强调",
];

/// Whether the sentence `next` only ends what `last` began. A quotation with its own full
/// stop does not end the sentence that says who spoke: `「…。」と話した。`, `"….”고 말했다.`,
/// `“…。”市长说。` In these scripts nothing but the words shows it.
fn goes_on(text: &str, last: Span, next: Span) -> bool {
    let quoted = last.of(text).ends_with(['"', '”', '’', '」', '』']);
    if !quoted || last.end != next.start {
        return false;
    }
    let words = next.of(text);
    let first = words.chars().next().unwrap_or(' ');
    if matches!(first, '\u{AC00}'..='\u{D7AF}') {
        // Korean puts a space before a new sentence, and none before a particle.
        return true;
    }
    let says = || {
        let end = words
            .char_indices()
            .nth(12)
            .map_or(words.len(), |(at, _)| at);
        let clause = words[..end].split(['，', ',', '：', ':', '。']).next();
        let opens = last.of(text).starts_with(['"', '“', '‘', '「', '『']);
        opens && clause.is_some_and(|clause| SAYS.iter().any(|word| clause.contains(word)))
    };
    QUOTED.iter().any(|particle| words.starts_with(particle))
        || (matches!(first, '\u{3400}'..='\u{9FFF}') && says())
}

/// A line as the segmenter may have it. Its time grows with the square of a line with
/// many quotation marks, so a line longer than any paragraph is handed to it in windows
/// that end with a sentence where they can, else with a word.
fn windows(line: &str) -> Vec<&str> {
    const PARAGRAPH: usize = 8_000;
    const WINDOW: usize = 2_000;
    let mut windows = Vec::new();
    let mut rest = line;
    while line.len() > PARAGRAPH && rest.len() > WINDOW {
        let window = &rest[..rest.floor_char_boundary(WINDOW)];
        let stop = window.rfind(". ").map(|at| at + 2).or_else(|| {
            // Scripts without spaces have marks of their own.
            let (at, mark) = window
                .rmatch_indices(['。', '！', '？', '।', '۔', '؟'])
                .next()?;
            let after = &window[at + mark.len()..];
            let closing = after.len() - after.trim_start_matches(['”', '’', '」', '』']).len();
            Some(at + mark.len() + closing)
        });
        let end = stop
            .or_else(|| window.rfind(' ').map(|at| at + 1))
            .unwrap_or(window.len());
        windows.push(&rest[..end]);
        rest = &rest[end..];
    }
    windows.push(rest);
    windows
}

/// Words of `text`, as readers count them: after Unicode's word segmentation (UAX 29), with
/// punctuation and white space as none. Where a script does not part its words, that
/// finds characters; there a word is two of Chinese or Japanese and four syllables of Thai,
/// Lao, Khmer or Burmese, which is how long words of the news are on average.
pub fn word_count(text: &str) -> usize {
    let mut words = 0;
    // The quarters of words in the run of characters that ends at `end`.
    let (mut quarters, mut end) = (0_usize, 0);
    for (at, word) in text.unicode_word_indices() {
        let share = match word.chars().next() {
            Some(
                '\u{3041}'..='\u{309F}'
                | '\u{3400}'..='\u{9FFF}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{20000}'..='\u{3FFFF}',
            ) => 2,
            Some('\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}') => 1,
            _ => 0,
        };
        if share == 0 || at != end {
            words += quarters.div_ceil(4);
            quarters = 0;
        }
        words += usize::from(share == 0);
        quarters += share;
        end = at + word.len();
    }
    words + quarters.div_ceil(4)
}

/// Text from outside on one line, without what could steer a terminal.
pub fn one_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

/// SHA-256 in lower-case hex: the name of everything that is kept under its content.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn points_and_spans_agree_beyond_ascii() {
        let text = "Zürich – 東京 🎉!";
        let span = Span::new(text.find('東').unwrap(), text.find(" 🎉").unwrap());
        let points = span.to_points(text);
        assert_eq!(points, Points { start: 9, end: 11 });
        assert_eq!(points.to_span(text), Some(span));
        assert_eq!(Points { start: 9, end: 99 }.to_span(text), None);
        assert_eq!(
            Points { start: 14, end: 14 }.to_span(text),
            Some(Span::new(text.len(), text.len()))
        );
    }

    #[test]
    fn code_points_are_counted_once_and_right() {
        for text in [
            "",
            "plain",
            &"Zürich – 東京 🎉! ".repeat(200),
            &"x".repeat(1_024),
        ] {
            let counted = CodePoints::new(text);
            let ends: Vec<usize> = text
                .char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect();
            for (nth, start) in ends.iter().enumerate() {
                let span = Span::new(*start, ends[(nth + 7).min(ends.len() - 1)]);
                assert_eq!(counted.points(span), span.to_points(text));
            }
        }
    }

    #[test]
    fn an_endless_line_is_cut_into_sentences_in_time() {
        let line = "He said “no” and 'never' again. ".repeat(4_000);
        let found = sentences(&line, Some("en"));
        assert!(found.len() >= 4_000, "{}", found.len());
        assert!(found.iter().all(|span| span.of(&line).ends_with('.')));
        let marks = "\" ' “ s' ".repeat(8_000);
        assert!(!sentences(&marks, Some("en")).is_empty());
    }

    #[test]
    fn sentences_end_where_readers_of_each_script_see_it() {
        for (language, parts) in [
            (
                "zh",
                &[
                    "市长说：“明天开工。”",
                    "工人们鼓掌。",
                    "谁来付钱？",
                    "没人知道……他走了。",
                ][..],
            ),
            (
                "zh",
                &[
                    "“明天开工。”市长说。",
                    "票价为3.5元。",
                    "网址是example.com。",
                ],
            ),
            (
                "zh-Hant",
                &[
                    "「明天開工。」市長說，眾人鼓掌。",
                    "「好！」",
                    "工人們走了。",
                ],
            ),
            (
                "ja",
                &[
                    "朝市が十九日、再開した。",
                    "「懐かしい。」と浅野さんは話した。",
                    "雨でも行う？",
                    "もちろん。",
                ],
            ),
            (
                "ja",
                &[
                    "「懐かしい。また来たい」と浅野さん（41）は話した。",
                    "次回は五月。",
                ],
            ),
            (
                "ko",
                &[
                    "시는 38.5억 원을 들였다. ",
                    "\"길잡이가 생겼다.\"고 박 씨는 말했다. ",
                    "입장료는 없다.",
                ],
            ),
            (
                "ko",
                &[
                    "박 씨는 “좋다. 정말 좋다.”라고 말했다. ",
                    "\"끝났다.\" ",
                    "그는 웃었다.",
                ],
            ),
            ("th", &["เรือกลับมาให้บริการในวันจันทร์ ค่าโดยสาร 3.50 บาท"]),
            ("hi", &["पुल खुल गया। ", "क्या किराया बढ़ेगा?"]),
            ("ar", &["عاد الباعة إلى السوق. ", "متى يفتح؟ ", "غدا."]),
            ("my", &["တံတားဖွင့်လိုက်ပြီ။ ", "လူများပျော်ကြသည်။"]),
        ] {
            let text = parts.concat();
            let found: Vec<_> = sentences(&text, Some(language))
                .into_iter()
                .map(|span| span.of(&text))
                .collect();
            let expected: Vec<_> = parts.iter().map(|part| part.trim()).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_long_line_without_spaces_is_cut_between_sentences() {
        let line = "「明日も船は出ない。」と港長は話した。波は高い。".repeat(200);
        let found = sentences(&line, Some("ja"));
        assert_eq!(found.len(), 400);
        assert!(found.iter().all(|span| span.of(&line).ends_with('。')));
    }

    #[test]
    fn words_are_counted_in_scripts_without_spaces_too() {
        for (text, words) in [
            ("The ferry’s back – at 3.5 knots.", 6),
            ("東京", 1),
            ("汐浜港の朝市が再開した。", 6),
            ("コンピューターを使う", 3),
            ("临港轮渡恢复夜间航班，票价3.5元。", 8),
            ("等等。好。", 2),
            ("등대가 다시 불을 밝혔다", 4),
            ("เรือเฟอร์รี่กลับมาให้บริการ", 5),
            ("ພາສາລາວ", 2),
            ("iPhone 15を買う", 4),
            ("—!…", 0),
        ] {
            assert_eq!(word_count(text), words, "{text}");
        }
    }

    #[test]
    fn sentences_keep_abbreviations_whole_and_split_at_lines() {
        let text = "Mr. Okafor paid $1.5 million. \"No,\" said Dr. Lind.\nA heading\nThe end.";
        let found: Vec<_> = sentences(text, Some("en"))
            .into_iter()
            .map(|s| s.of(text))
            .collect();
        assert_eq!(
            found,
            [
                "Mr. Okafor paid $1.5 million.",
                "\"No,\" said Dr. Lind.",
                "A heading",
                "The end."
            ]
        );
    }
}
