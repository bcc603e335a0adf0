//! Which words of a text are names: runs of words with capitals, without the words that
//! have theirs for another reason (a sentence or heading begins, a month, a shout).
//!
//! Whether the sources bear a name out is the business of [`super::names`].

use foldhash::HashSet;

use crate::verify::{
    language::{is_german, primary},
    read::{
        Reading, calendar,
        capitals::Style,
        kinds::Kinds,
        lexicon::is_particle,
        roots::root,
        tokens::{Gap, Token, TokenKind, words},
        units,
    },
    sources::Library,
};

/// A name in a checked text, as token indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) struct Name {
    pub(in crate::verify) first: usize,
    pub(in crate::verify) last: usize,
    /// Whether only an English word list says that it is a name.
    pub(in crate::verify) guessed: bool,
}

/// Whether the text is a label of words with capitals, beside those that only join others,
/// such as "Study Design" and "What is at Stake": whether those are names cannot be told.
pub(in crate::verify) fn is_label(tokens: &[Token]) -> bool {
    let words = tokens.iter().filter(|token| token.kind == TokenKind::Word);
    let small = words
        .filter(|token| !token.is_capitalised())
        .any(|token| !token.kinds.is_small_in_headings() && !token.kinds.is_function());
    let ends = tokens
        .last()
        .is_some_and(|last| last.kind == TokenKind::Mark && ".!?".contains(last.text.as_str()));
    !small && !ends
}

/// Whether the text is in another language than the sources.
pub(in crate::verify) fn is_translated(language: Option<&str>, library: &Library<'_>) -> bool {
    primary(language) != primary(library.language)
}

/// Whether the name would be the same in a translation: no word of the language, no
/// acronym of a body.
pub(in crate::verify) fn survives_translation(
    name: &Name,
    tokens: &[Token],
    english: bool,
) -> bool {
    let mut words = tokens[name.first..=name.last]
        .iter()
        .filter(|token| token.is_word() && !token.kinds.is_particle());
    if english {
        let translatable =
            |word: &Token| is_ordinary_or_common(word) || word.stem_kinds.is_generic();
        words.all(|word| !word.is_all_capitals() && !translatable(word))
    } else {
        words.any(|word| word.stem_kinds.is_first_name())
    }
}

/// Whether an unknown name is surely wrong: the two sides share a language, and one that
/// does not bend its names.
pub(in crate::verify) fn certain(language: Option<&str>, library: &Library<'_>) -> bool {
    const UNBENT: &[&str] = &["da", "en", "es", "fr", "it", "nb", "nl", "no", "pt", "sv"];
    let ours = primary(language);
    UNBENT.contains(&ours.as_str()) && ours == primary(library.language)
}

/// The names of a text that uses capitals in this style.
pub(in crate::verify) fn names(
    reading: &Reading<'_>,
    style: Style,
    library: &Library<'_>,
) -> Vec<Name> {
    let tokens = &reading.tokens;
    let openings: HashSet<usize> = reading.sentences.iter().map(|s| s.span.start).collect();
    let mut found = Vec::new();
    let may_be_name = &may_be_names(tokens);
    let label = is_label(tokens);
    // German writes all nouns with a capital; a first name with a capital behind it is a
    // person's there too.
    let is_german = is_german(reading.language);
    let is_person = |at: usize| {
        let next = || continuation(tokens, at, may_be_name);
        is_german && tokens[at].stem_kinds.is_first_name() && next().is_some()
    };
    let mut at = 0;
    while at < tokens.len() {
        if !may_be_name(&tokens[at]) {
            at += 1;
            continue;
        }
        let mut first = at;
        let mut last = at;
        let person = is_person(at);
        if style == Style::Sentence || person {
            while let Some(next) = continuation(tokens, last, may_be_name) {
                last = next;
            }
        }
        at = last + 1;
        let mut opens_sentence =
            openings.contains(&tokens[first].span.start) || opens(tokens, first);
        // The ordinary words of a label have their capitals for that.
        if label && is_ordinary_run(&tokens[first..=last])
            || is_heading(tokens, first, last, opens_sentence)
        {
            continue;
        }
        // "The Bank", "Meanwhile Smith", "Astronaut Smith": the name begins with the next
        // word.
        while opens_sentence
            && first < last
            && leads(tokens, first, library)
            && !in_a_row(tokens, first, library)
        {
            first += 1;
            while first < last && !may_be_name(&tokens[first]) {
                first += 1;
            }
            opens_sentence = false;
        }
        opens_sentence &= first == last;
        let token = &tokens[first];
        let certain = match style {
            Style::Title => person || is_worth_asking(token, library),
            Style::Sentence => {
                !opens_sentence || opens_with_a_name(token, tokens.get(first + 1), library)
            }
        };
        if certain || is_no_word(token, library) {
            found.push(Name {
                first,
                last,
                guessed: !certain,
            });
        }
    }
    found
}

/// Whether a sentence may begin with the token after what stands before it.
fn opens(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else {
        return true;
    };
    match before.kind {
        // A closing mark may end a sentence that has no full stop, an apostrophe does not:
        // "the players' Association".
        TokenKind::Quote(_) => {
            let owner = at.checked_sub(2).map(|owner| &tokens[owner]);
            let apostrophe = before.gap == Gap::None && before.text == "'";
            !(apostrophe && owner.is_some_and(|owner| owner.folded.ends_with('s')))
        }
        // A full stop with a blank before it is no abbreviation's.
        TokenKind::Mark if before.text == "." => token.gap > Gap::None && before.gap > Gap::None,
        TokenKind::Mark if "([".contains(before.text.as_str()) => true,
        TokenKind::Mark => ":!?*•-–|/".contains(before.text.as_str()) && token.gap > Gap::None,
        _ => false,
    }
}

/// Whether the run is a heading such as "Key Findings:" or "Study Design" in a line of
/// its own: ordinary words that have their capitals for that.
fn is_heading(tokens: &[Token], first: usize, last: usize, opens: bool) -> bool {
    let ends = match tokens.get(last + 1) {
        None => false,
        Some(next) => next.is_mark(":") || next.gap >= Gap::Line || next.is_mark("*"),
    };
    opens && ends && is_ordinary_run(&tokens[first..=last])
}

/// Whether all words of the run are of the language.
fn is_ordinary_run(run: &[Token]) -> bool {
    run.iter()
        .filter(|token| token.is_word())
        .all(|token| is_ordinary(token) || token.kinds.is_particle())
}

/// Whether the word that opens a sentence only leads to the name that follows, as in
/// "Meanwhile Smith" and "Pregnant Jane Smith".
fn leads(tokens: &[Token], at: usize, library: &Library<'_>) -> bool {
    let stem = tokens[at].stem();
    let (kinds, next) = (tokens[at].stem_kinds, tokens[at + 1].stem_kinds);
    let small = || {
        let places = library.places(stem);
        !places.is_empty() && !places.iter().any(|place| library.names(*place))
    };
    kinds.is_common() && !kinds.is_first_name()
        || is_ordinary(&tokens[at]) && !next.is_generic() && (next.is_first_name() || small())
}

/// Whether the word is one of the language, not likely a name.
fn is_ordinary(token: &Token) -> bool {
    let kinds = token.stem_kinds;
    is_ordinary_or_common(token) && !kinds.is_first_name() && !kinds.is_place()
}

/// Whether the word is one of the language, though it may be a name as well.
fn is_ordinary_or_common(token: &Token) -> bool {
    token.stem_kinds.is_common() || is_vocabulary(token)
}

/// Whether the word is an ordinary English one, in any form.
fn is_vocabulary(token: &Token) -> bool {
    token.stem_kinds.is_vocabulary() || Kinds::of(&root(token.stem())).is_vocabulary()
}

/// Which tokens [`may_be_name`]; each different word of the text is asked once.
fn may_be_names(tokens: &[Token]) -> impl Fn(&Token) -> bool + use<> {
    let mut may: Vec<Option<bool>> = vec![None; words(tokens).len()];
    for token in tokens.iter().filter(|token| token.is_capitalised()) {
        may[token.nth()].get_or_insert_with(|| may_be_name(token));
    }
    move |token| may[token.nth()].unwrap_or(false)
}

fn may_be_name(token: &Token) -> bool {
    token.is_capitalised()
        && token.text.chars().nth(1).is_some()
        && calendar::weekday(token).is_none()
        && calendar::month(token).is_none()
        && units::currency_sign(&token.text).is_none()
        && !token.folded.starts_with("i'")
        && !is_shouted(token)
        && !is_short_for_a_word(&token.text)
}

/// Abbreviations that name nobody: "CEO", "GDP", "Q4".
fn is_short_for_a_word(text: &str) -> bool {
    const SHORT: &[&str] = &[
        "AI", "AM", "ATM", "BST", "CCTV", "CEO", "CET", "CFO", "COO", "CV", "DIY", "DVD", "EBIT",
        "EBITDA", "EDT", "EPS", "EST", "ETF", "FAQ", "FY", "GAAP", "GDP", "GMT", "GPS", "HR", "ID",
        "IPO", "IQ", "IT", "MP", "MSP", "OK", "PC", "PDF", "PDT", "PM", "PR", "PS", "PST", "PhD",
        "QR", "ROI", "SUV", "TD", "TV", "UFO", "URL", "USB", "UTC", "UV", "VAT", "VIP", "YoY",
    ];
    let singular = text.strip_suffix('s').unwrap_or(text);
    // The quarters and halves of a financial year.
    let period = text.len() > 1
        && text.starts_with(['Q', 'H'])
        && text[1..].bytes().all(|b| b.is_ascii_digit());
    period || SHORT.binary_search(&text).is_ok() || SHORT.binary_search(&singular).is_ok()
}

/// A word in capitals, as in "CLICK HERE"; not the acronyms that look like one.
fn is_shouted(token: &Token) -> bool {
    let stem = token.stem();
    let word = || token.stem_kinds.is_common() || stem.len() > 4 && is_vocabulary(token);
    token.is_all_capitals() && word() && !matches!(stem, "it" | "us" | "who")
}

/// Whether a source has this word and the next in a row, both with capitals.
fn in_a_row(tokens: &[Token], at: usize, library: &Library<'_>) -> bool {
    library.places(tokens[at].stem()).iter().any(|place| {
        let theirs = &library.docs[place.doc].reading.tokens;
        theirs[place.token].is_capitalised()
            && theirs
                .get(place.token + 1)
                .is_some_and(|next| tokens[at + 1].stem() == next.stem() && next.is_capitalised())
    })
}

/// The token that goes on with the name that `last` belongs to.
fn continuation(
    tokens: &[Token],
    last: usize,
    may_be_name: &impl Fn(&Token) -> bool,
) -> Option<usize> {
    let joins = |i: usize| tokens.get(i).filter(|t| t.gap <= Gap::Blank);
    // A possessive ends a name: "Britain's Andy Murray" are two.
    if tokens[last].folded.ends_with("'s") {
        return None;
    }
    let next = joins(last + 1)?;
    if may_be_name(next) {
        return Some(last + 1);
    }
    // "Mr. Lind", "St. Olav"
    let title =
        next.is_mark(".") && tokens[last].text.len() < 5 && tokens[last].stem_kinds.is_generic();
    if title && next.gap == Gap::None && joins(last + 2).is_some_and(may_be_name) {
        return Some(last + 2);
    }
    // "Maria van der Berg", "al-Sayed", "Marks & Spencer", "Bank of England".
    let small = |t: &Token| {
        t.kind == TokenKind::Word && is_particle(&t.text)
            || t.is_mark("-") && t.gap == Gap::None
            || t.is_mark("&")
    };
    let run = (last + 1..last + 5)
        .take_while(|i| joins(*i).is_some_and(small))
        .count();
    if run > 0 && next.text != "the" && joins(last + 1 + run).is_some_and(may_be_name) {
        return Some(last + 1 + run);
    }
    let third = joins(last + 2)?;
    // An initial: "John F. Kennedy".
    let initial = next.is_capitalised() && next.text.chars().count() == 1;
    let after = if third.is_mark(".") {
        last + 3
    } else {
        last + 2
    };
    (initial && joins(after).is_some_and(may_be_name)).then_some(after)
}

/// Whether the one word that opens a sentence is a name, not a word with its capital.
fn opens_with_a_name(token: &Token, next: Option<&Token>, library: &Library<'_>) -> bool {
    let stem = token.stem();
    let kinds = token.stem_kinds;
    let country = kinds.is_place() && (stem != "us" || token.is_all_capitals());
    if kinds.is_common() && !country {
        return false;
    }
    if country && token.is_all_capitals() {
        return true;
    }
    let places = library.places(stem);
    if places.iter().any(|place| library.names(*place)) {
        return true;
    }
    places.is_empty()
        && !kinds.is_generic()
        && (is_surely_a_name(token, library) || acts(token, next) || kinds.is_first_name())
}

/// Whether a word that opens a sentence is a name by its own looks.
fn is_surely_a_name(token: &Token, library: &Library<'_>) -> bool {
    let stem = token.stem();
    !token.stem_kinds.is_common()
        && library.places(stem).is_empty()
        && (token.is_all_capitals()
            || token.stem_kinds.is_place() && stem != "us"
            || token.folded.ends_with("'s")
            || token.text.chars().skip(1).any(char::is_uppercase))
}

/// Whether English has no such word and no source either, so that it must be a name.
fn is_no_word(token: &Token, library: &Library<'_>) -> bool {
    let stem = token.stem();
    !token.stem_kinds.is_common()
        && !is_vocabulary(token)
        && !is_built_like_a_word(stem)
        && library.family(stem).next().is_none()
}

/// Whether the word does what one person or firm does, and is not built like a noun:
/// "Wilson said", but not "Parking is".
fn acts(token: &Token, next: Option<&Token>) -> bool {
    const VERBS: &[&str] = &[
        "also",
        "announced",
        "beat",
        "had",
        "has",
        "insisted",
        "is",
        "said",
        "says",
        "told",
        "was",
        "will",
        "won",
        "would",
    ];
    let stem = token.stem();
    next.is_some_and(|next| VERBS.binary_search(&next.folded.as_str()).is_ok())
        && !is_vocabulary(token)
        && !is_built_like_a_word(stem)
}

/// Whether the word ends as English nouns, verbs and adjectives do and names seldom.
fn is_built_like_a_word(stem: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "able", "age", "al", "als", "ance", "ancy", "ary", "ction", "ed", "ence", "ency", "er",
        "ers", "ess", "est", "ful", "ible", "ic", "ics", "ies", "ing", "ings", "ism", "ist",
        "ists", "ities", "ity", "ive", "ives", "less", "ly", "ment", "ments", "ness", "ogy",
        "ology", "or", "ors", "ous", "ship", "ships", "sion", "sions", "tion", "tions", "ure",
        "ures",
    ];
    ENDINGS.iter().any(|ending| stem.ends_with(ending))
}

/// Whether a word of a heading is asked for: not a common word, or one that a source has.
fn is_worth_asking(token: &Token, library: &Library<'_>) -> bool {
    let stem = token.stem();
    let known = library
        .places(stem)
        .iter()
        .any(|place| library.token(*place).is_capitalised());
    known || token.stem_kinds.is_place() || token.is_all_capitals()
}
