//! Words in quotation marks, found by their marks in any style. A quotation inside a
//! quotation belongs to the outer one.

use super::tokens::{Gap, Token, TokenKind};

/// Words in quotation marks, as token indices of the checked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) struct Quotation {
    /// The first token inside the marks.
    pub(in crate::verify) first: usize,
    /// The last token inside the marks.
    pub(in crate::verify) last: usize,
}

/// The outermost quotations of a text, in order.
pub(in crate::verify) fn quotations(tokens: &[Token]) -> Vec<Quotation> {
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
            word_after: after.is_some_and(|token| token.is_word()),
            word_before: tight && before.is_some_and(|token| token.is_word()),
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
        if tokens[open + 1..close].iter().any(|token| token.is_word()) {
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
    use crate::{text::Span, verify::read::tokens::tokens};

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
