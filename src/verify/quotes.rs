//! Words in quotation marks: found by their marks, then held against the sources.
//!
//! A quotation is supported when a source has its words, in their order, with their
//! capitals and their punctuation. What house styles move may differ: the glyphs of
//! quotation marks and dashes, white space, the case of the first letter, and a comma,
//! full stop or ellipsis at an end. Whether the source itself marks the words as speech
//! does not matter; who said them is not judged here. A quotation inside a quotation
//! is judged with the outer one.

use super::{
    Evidence, Finding, Reason, Severity,
    align::{self, Nearest},
    finding, quoted,
    sources::{Library, Place},
    tokens::{Gap, Token, TokenKind},
};
use crate::{text::Span, verify::ClaimKind};

/// Words in quotation marks, as token indices of the checked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotation {
    /// The first token inside the marks.
    pub(super) first: usize,
    /// The last token inside the marks.
    pub(super) last: usize,
}

/// Holds one quotation against the sources.
pub(super) fn judge(
    quotation: Quotation,
    tokens: &[Token],
    library: &Library<'_>,
    may_search: impl Fn() -> bool,
) -> Result<Evidence, Finding> {
    let inner = &tokens[quotation.first..=quotation.last];
    let span = Span::new(inner[0].span.start, inner[inner.len() - 1].span.end);
    let core = core(inner);
    if let Some(evidence) = exact(&core, library) {
        return Ok(evidence);
    }
    let words: Vec<&Token> = core.iter().copied().filter(|t| t.is_word()).collect();
    let report = |reason, severity, message: String, closest| {
        Err(finding(
            ClaimKind::Quotation,
            reason,
            severity,
            span,
            message,
            closest,
        ))
    };
    let nearest = may_search()
        .then(|| align::nearest(&words, library))
        .flatten();
    if core.iter().any(|token| is_ellipsis(token)) {
        return report(
            Reason::QuotationElided,
            Severity::Error,
            "The quotation leaves words out; quote the passage whole, or each part by itself."
                .to_owned(),
            nearest.map(|near| near.evidence),
        );
    }
    if let Some(evidence) = same_words(&words, library) {
        let message = format!(
            "The words are the source's, but capitals or punctuation differ: the source has {}.",
            quoted(&evidence.text)
        );
        return report(
            Reason::QuotationAltered,
            Severity::Warning,
            message,
            Some(evidence),
        );
    }
    if let Some(evidence) = joined(&words, library) {
        let message = format!(
            "The quotation joins two parts that the source keeps apart: {}.",
            quoted(&evidence.text)
        );
        return report(
            Reason::QuotationJoined,
            Severity::Warning,
            message,
            Some(evidence),
        );
    }
    match nearest {
        Some(Nearest {
            evidence,
            theirs,
            ours,
            ..
        }) => {
            let message = match (theirs.as_str(), ours.as_str()) {
                (theirs, "") => {
                    format!("The quotation leaves out {} of the source.", quoted(theirs))
                }
                ("", ours) => format!(
                    "The quotation adds {}, which the source does not have there.",
                    quoted(ours)
                ),
                (theirs, ours) => format!(
                    "The quotation is not word for word: the source says {} where the text says {}.",
                    quoted(theirs),
                    quoted(ours)
                ),
            };
            report(
                Reason::QuotationAltered,
                Severity::Error,
                message,
                Some(evidence),
            )
        }
        None => report(
            Reason::QuotationNotFound,
            Severity::Error,
            format!(
                "No source has the quoted words {}.",
                quoted(&words_of(&words))
            ),
            None,
        ),
    }
}

/// The tokens that must agree: no quotation marks, nothing that house styles move.
fn core(inner: &[Token]) -> Vec<&Token> {
    let mut core: Vec<&Token> = inner
        .iter()
        .filter(|token| !matches!(token.kind, TokenKind::Quote(_)))
        .collect();
    let moves = |token: &Token| token.is_mark(",") || token.is_mark(".") || is_ellipsis(token);
    while core.last().is_some_and(|token| moves(token)) {
        core.pop();
    }
    let begin = core.iter().take_while(|token| is_ellipsis(token)).count();
    core.drain(..begin);
    core
}

fn is_ellipsis(token: &Token) -> bool {
    token.kind == TokenKind::Mark && token.text.len() > 1 && token.text.starts_with("..")
}

fn words_of(words: &[&Token]) -> String {
    let words: Vec<_> = words.iter().map(|token| token.text.as_str()).collect();
    words.join(" ")
}

/// Where a source has exactly these tokens.
fn exact(core: &[&Token], library: &Library<'_>) -> Option<Evidence> {
    let lead = core.iter().position(|token| token.is_word())?;
    library.places(core[lead].stem()).iter().find_map(|place| {
        let tokens = &library.docs[place.doc].tokens;
        let begin = place.token.checked_sub(lead)?;
        let mut at = begin;
        for (nth, token) in core.iter().enumerate() {
            while matches!(tokens.get(at)?.kind, TokenKind::Quote(_)) {
                at += 1;
            }
            let theirs = &tokens[at];
            let same = theirs.text == token.text
                || (nth == lead && same_but_first_letter(&theirs.text, &token.text));
            if !same {
                return None;
            }
            at += 1;
        }
        Some(library.evidence(place.doc, begin, at - 1))
    })
}

fn same_but_first_letter(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.chars(), b.chars());
    let first = |c: Option<char>| c.map(|c| c.to_lowercase().to_string());
    first(a.next()) == first(b.next()) && a.as_str() == b.as_str()
}

/// Where a source has these words with other capitals, accents or punctuation.
fn same_words(words: &[&Token], library: &Library<'_>) -> Option<Evidence> {
    library
        .places(words.first()?.stem())
        .iter()
        .find_map(|place| {
            let (matched, last) = run(words, *place, library);
            (matched == words.len()).then(|| library.evidence(place.doc, place.token, last))
        })
}

/// How many of `words` stand in a row from `place` on, and the last token of them.
fn run(words: &[&Token], place: Place, library: &Library<'_>) -> (usize, usize) {
    let mut last = place.token;
    let mut matched = 0;
    for (at, theirs) in library.docs[place.doc]
        .tokens
        .iter()
        .enumerate()
        .skip(place.token)
    {
        if !theirs.is_word() {
            continue;
        }
        if words
            .get(matched)
            .is_none_or(|ours| ours.folded != theirs.folded)
        {
            break;
        }
        matched += 1;
        last = at;
    }
    (matched, last)
}

/// Where a source has the words in two parts with an attribution between them, as in
/// `"We know," she said, "what to do."`
fn joined(words: &[&Token], library: &Library<'_>) -> Option<Evidence> {
    // The longest attribution that is still read as an interruption.
    const INTERRUPTION: usize = 20;
    library
        .places(words.first()?.stem())
        .iter()
        .find_map(|place| {
            let (matched, last) = run(words, *place, library);
            let rest = words.get(matched..)?;
            let tokens = &library.docs[place.doc].tokens;
            let between = last + 1..(last + 1 + INTERRUPTION).min(tokens.len());
            let marks = |upto: usize| {
                tokens[last + 1..upto]
                    .iter()
                    .filter(|token| matches!(token.kind, TokenKind::Quote(_)))
                    .count()
            };
            between
                .filter(|at| tokens[*at].folded == rest[0].folded && marks(*at) == 2)
                .find_map(|token| {
                    let again = Place {
                        doc: place.doc,
                        token,
                    };
                    let (more, end) = run(rest, again, library);
                    (more == rest.len()).then(|| library.evidence(place.doc, place.token, end))
                })
        })
}

/// The outermost quotations of a text, in order.
pub(super) fn quotations(tokens: &[Token]) -> Vec<Quotation> {
    let mut open: Vec<Open> = Vec::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenKind::Quote(glyph) = token.kind else {
            if token.gap == Gap::Paragraph {
                open.clear();
            }
            continue;
        };
        let place = Edge::new(tokens, at);
        if token.gap == Gap::Paragraph {
            // A long speech opens its marks again with each paragraph.
            if let Some(first) = open.first()
                && first.glyph == glyph
            {
                pairs.push((first.at, at));
            }
            open.clear();
        }
        let closes = open
            .iter()
            .rposition(|opening| opening.closers.contains(glyph))
            .filter(|_| place.may_close(tokens, at, glyph));
        if let Some(nth) = closes {
            pairs.push((open[nth].at, at));
            open.truncate(nth);
        } else if let Some(closers) = closers(glyph, &place, tokens, at) {
            open.retain(|opening| opening.glyph != glyph);
            open.push(Open { at, glyph, closers });
        }
    }
    outermost(pairs, tokens)
}

/// A mark that waits for its partner.
struct Open {
    at: usize,
    glyph: char,
    closers: &'static str,
}

/// What stands on the two sides of a mark.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four plain facts, each asked by itself"
)]
struct Edge {
    /// Nothing, a blank, or an opening mark before it.
    free_before: bool,
    /// A blank or nothing after it.
    free_after: bool,
    /// A letter or digit directly after it.
    word_after: bool,
    /// A letter or digit directly before it.
    word_before: bool,
}

impl Edge {
    fn new(tokens: &[Token], at: usize) -> Self {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let tight = tokens[at].gap == Gap::None;
        let after = tokens.get(at + 1).filter(|after| after.gap == Gap::None);
        let opens = |token: &Token| match token.kind {
            TokenKind::Quote(_) => true,
            TokenKind::Mark => "([{-/:*_".contains(token.text.as_str()),
            _ => false,
        };
        Self {
            free_before: !tight || before.is_none_or(opens),
            free_after: after.is_none(),
            word_after: after.is_some_and(Token::is_word),
            word_before: tight && before.is_some_and(Token::is_word),
        }
    }

    /// Whether the mark can be the second of a pair that is open.
    fn may_close(&self, tokens: &[Token], at: usize, glyph: char) -> bool {
        match glyph {
            '"' | '”' | '“' => !(self.free_before && self.word_after),
            '\'' | '’' | '‘' => {
                // In `the players' lounge'` the first mark belongs to the word.
                let plural = self.word_before
                    && tokens[at - 1].folded.ends_with('s')
                    && tokens
                        .get(at + 1)
                        .is_some_and(|t| t.is_word() && !t.is_capitalised())
                    && has_closer(tokens, at, glyph);
                !self.word_after && !plural && tokens[at].gap == Gap::None
            }
            _ => true,
        }
    }
}

/// The glyphs that may close what `glyph` opens here; `None` where it opens nothing.
fn closers(glyph: char, edge: &Edge, tokens: &[Token], at: usize) -> Option<&'static str> {
    let opens = edge.free_before && !edge.free_after;
    match glyph {
        '„' | '‟' => Some("“”\""),
        '“' => Some("”\""),
        '「' => Some("」"),
        '『' => Some("』"),
        '«' => Some("»"),
        '»' => opens.then_some("«»"),
        '‹' => Some("›"),
        '›' => opens.then_some("‹"),
        // Tokenised text sets blanks on both sides.
        '"' => (edge.free_before && (edge.word_after || !edge.word_before)).then_some("\"”"),
        '”' => opens.then_some("”"),
        '‚' => opens.then_some("‘’'"),
        '\'' | '‘' | '`' | '´' => {
            let elided = tokens.get(at + 1).is_some_and(|next| {
                next.kind == TokenKind::Digits && next.text.ends_with('s')
                    || ELISIONS.binary_search(&next.folded.as_str()).is_ok()
            });
            (opens && !edge.word_before && !elided && has_closer(tokens, at, glyph))
                .then_some("'’´")
        }
        _ => None,
    }
}

/// Words that are written with an apostrophe in front, sorted.
const ELISIONS: &[&str] = &["cause", "em", "n", "round", "til", "tis", "twas"];

/// Whether a mark after `at`, in the same paragraph, can close a single mark.
fn has_closer(tokens: &[Token], at: usize, glyph: char) -> bool {
    // A quotation in single marks is short; the bound keeps hostile text linear.
    const REACH: usize = 200;
    let curly = matches!(glyph, '‘' | '’');
    for (i, token) in tokens.iter().enumerate().skip(at + 1).take(REACH) {
        if token.gap == Gap::Paragraph {
            return false;
        }
        if let TokenKind::Quote(c) = token.kind {
            let edge = Edge::new(tokens, i);
            let closing = if curly {
                c == '’' || c == '\''
            } else {
                "'´’".contains(c)
            };
            if closing && token.gap == Gap::None && !edge.word_after {
                return true;
            }
            if glyph == c && edge.free_before && edge.word_after {
                return false;
            }
        }
    }
    false
}

/// Drops pairs inside other pairs and pairs without a word between them.
fn outermost(mut pairs: Vec<(usize, usize)>, tokens: &[Token]) -> Vec<Quotation> {
    pairs.sort_unstable_by_key(|(open, close)| (*open, usize::MAX - close));
    let mut found: Vec<Quotation> = Vec::new();
    for (open, close) in pairs {
        if found.last().is_some_and(|outer| open <= outer.last) {
            continue;
        }
        if tokens[open + 1..close].iter().any(Token::is_word) {
            found.push(Quotation {
                first: open + 1,
                last: close - 1,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::tokens::tokens;

    #[test]
    fn marks_of_many_languages_pair_up() {
        for (text, expected) in [
            ("He said: \"Yes, we can.\" And left.", "Yes, we can."),
            (
                "“One,” she said, “two ‘three’ four.”",
                "One,|two ‘three’ four.",
            ),
            ("Er sagte: „Nein“, und »Ja«.", "Nein|Ja"),
            ("Il a dit : « C’est l’été », puis rien.", "C’est l’été"),
            ("他说：「好的」。『不』", "好的|不"),
            ("The 'plan' isn't the players' idea", "plan"),
            ("Rock 'n' roll in the '90s, 'twas fun", ""),
            ("A 6\" pipe and a 5\" one", ""),
            (
                "Mayor: 'We won't go to the workers' club' today",
                "We won't go to the workers' club",
            ),
            (
                "\"A first part.\n\n\"And a second.\" Done.",
                "A first part.|And a second.",
            ),
            ("Never closed: \"and then\n\nnext \"one\" here", "one"),
            ("`` It works , '' he said", "It works ,"),
            ("Hon sade ”aldrig” igen", "aldrig"),
            ("&ldquo;Entities&rdquo;", "Entities"),
        ] {
            let tokens = tokens(text);
            let found: Vec<_> = quotations(&tokens)
                .into_iter()
                .map(|q| Span::new(tokens[q.first].span.start, tokens[q.last].span.end).of(text))
                .collect();
            assert_eq!(found.join("|"), expected, "{text}");
        }
    }

    #[test]
    fn the_table_of_elisions_is_sorted() {
        assert!(ELISIONS.is_sorted());
    }
}
