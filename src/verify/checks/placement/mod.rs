//! Numbers, dates and names that a source has, but where it has them they belong to
//! something else.

pub mod training;
mod context;
mod mentions;

pub(in crate::verify) use self::mentions::Mentions;
use self::{
    context::{Context, Fit},
    mentions::{Mention, Value},
};
use crate::verify::{
    Kind, Report, Support,
    read::{
        Reading,
        lexicon::is_place,
        quantity::Unit,
        tokens::Token,
    },
    sources::Library,
};

/// What is known of a claim and the best other candidate for its place.
#[derive(Debug)]
pub(in crate::verify) struct Case {
    pub(in crate::verify) kind: Kind,
    pub(in crate::verify) first: usize,
    pub(in crate::verify) last: usize,
    pub(in crate::verify) own: Fit,
    pub(in crate::verify) other: Fit,
    pub(in crate::verify) features: Vec<(&'static str, f64)>,
}

fn as_mention(
    kind: Kind,
    first: usize,
    last: usize,
    reading: &Reading<'_>,
) -> Option<Mention> {
    let value = match kind {
        Kind::Number => Value::Number(reading.quantities.iter().position(|q| q.first == first)?),
        Kind::Date => Value::Date(reading.dates.iter().position(|d| d.first == first)?),
        Kind::Name => Value::Name(mentions::roots(&reading.tokens[first..=last])),
        _ => return None,
    };
    Some(Mention { first, last, value })
}

fn same(ours: &Mention, reading: &Reading<'_>, theirs: &Mention, there: &Reading<'_>) -> bool {
    match (&ours.value, &theirs.value) {
        (Value::Name(a), Value::Name(b)) => mentions::same_name(a, b),
        (Value::Number(a), Value::Number(b)) => {
            mentions::same_number(&reading.quantities[*a], &there.quantities[*b])
        }
        (Value::Date(a), Value::Date(b)) => {
            let (a, b) = (&reading.dates[*a], &there.dates[*b]);
            a.rests_on(b) || b.rests_on(a)
        }
        _ => false,
    }
}

fn rival(ours: &Mention, reading: &Reading<'_>, theirs: &Mention, there: &Reading<'_>) -> bool {
    match (&ours.value, &theirs.value) {
        (Value::Name(_), Value::Name(_)) => true,
        (Value::Number(a), Value::Number(b)) => {
            mentions::same_class(&reading.quantities[*a], &there.quantities[*b])
        }
        (Value::Date(a), Value::Date(b)) => {
            let (a, b) = (&reading.dates[*a], &there.dates[*b]);
            (a.year.is_none() || b.year.is_some())
                && (a.month.is_none() || b.month.is_some())
                && (a.day.is_none() || b.day.is_some())
                && (a.weekday.is_none() || b.weekday.is_some())
                && a.relation.is_none()
                && b.relation.is_none()
        }
        _ => false,
    }
}

/// The claims of a text whose place in the sources may be another's.
pub(in crate::verify) fn cases(
    reading: &Reading<'_>,
    report: &Report,
    mentions: &Mentions,
    library: &Library<'_>,
) -> Vec<Case> {
    let tokens = &reading.tokens;
    let all: usize = library.docs.iter().map(|doc| doc.reading.sentences.len()).sum();
    let claims: Vec<(usize, Mention, Kind)> = report
        .claims
        .iter()
        .filter(|claim| claim.support == Support::Supported && claim.kind != Kind::Quotation)
        .filter_map(|claim| {
            let first = tokens.partition_point(|t| t.span.start < claim.span.start);
            let last = tokens.partition_point(|t| t.span.end <= claim.span.end).checked_sub(1)?;
            let mention = as_mention(claim.kind, first, last, reading)?;
            Some((reading.sentence_of(first)?, mention, claim.kind))
        })
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < claims.len() {
        let sentence = claims[at].0;
        let end = at + claims[at..].iter().take_while(|claim| claim.0 == sentence).count();
        let context = Context::new(reading, &reading.sentences[sentence], library, all);
        let passages = context.sentences();
        for (_, ours, kind) in &claims[at..end] {
            let in_sentence: Vec<&Mention> = claims[at..end]
                .iter()
                .map(|(_, mention, _)| mention)
                .filter(|mention| mention.first != ours.first)
                .collect();
            if let Some(case) = case(
                ours, *kind, reading, &in_sentence, &claims, &context, &passages, mentions, library,
            ) {
                found.push(case);
            }
        }
        at = end;
    }
    found
}

#[allow(clippy::too_many_arguments)]
fn case(
    ours: &Mention,
    kind: Kind,
    reading: &Reading<'_>,
    in_sentence: &[&Mention],
    claims: &[(usize, Mention, Kind)],
    context: &Context,
    passages: &[((usize, usize), f64)],
    mentions: &Mentions,
    library: &Library<'_>,
) -> Option<Case> {
    let tokens = &reading.tokens;
    let mut not = vec![(ours.first, ours.last)];
    let mut twice = 0.0;
    for other in in_sentence {
        if same(ours, reading, other, reading) {
            not.push((other.first, other.last));
            twice = 1.0;
        }
    }
    let fit = |doc: usize, sentence: usize, theirs: &Mention| {
        context.fit(ours, &not, tokens, doc, sentence, theirs, &library.docs[doc].reading.tokens)
    };
    let mut own: Option<Fit> = None;
    let mut own_unit = 0.0;
    let mut own_places = 0.0;
    let mut own_wide: f64 = 0.0;
    let mut own_window: f64 = 0.0;
    let mut own_most: f64 = 0.0;
    let mut early = false;
    let mut own_sentences = Vec::new();
    for (doc, theirs) in mentions.all() {
        let there = &library.docs[doc].reading;
        if !same(ours, reading, theirs, there) {
            continue;
        }
        own_places += 1.0;
        let Some(sentence) = there.sentence_of(theirs.first) else { continue };
        own_sentences.push((doc, sentence));
        if own_places > 40.0 {
            continue;
        }
        let fit = fit(doc, sentence, theirs);
        own_wide = own_wide.max(fit.wide);
        own_window = own_window.max(fit.window);
        own_most = own_most.max(fit.coverage);
        early |= sentence < 2;
        if own.is_none_or(|best| fit.score() > best.score()) {
            own = Some(fit);
            if let (Value::Number(a), Value::Number(b)) = (&ours.value, &theirs.value) {
                own_unit = f64::from(u8::from(mentions::same_class(
                    &reading.quantities[*a],
                    &there.quantities[*b],
                )));
            }
        }
    }
    let own = own?;
    // "He", "the company": words that may stand for our name, which stands shortly before.
    let mut pronoun = Fit::default();
    for ((doc, sentence), _) in passages {
        let there = &library.docs[*doc].reading;
        let span = there.sentences[*sentence];
        let named = own_sentences
            .iter()
            .any(|(d, s)| d == doc && s <= sentence && *s + 4 > *sentence);
        if kind != Kind::Name || !named {
            continue;
        }
        for at in span.first..span.end {
            if stands_for(&there.tokens, at) {
                let theirs = Mention { first: at, last: at, value: Value::Number(0) };
                let fit = fit(*doc, *sentence, &theirs);
                if fit.score() > pronoun.score() {
                    pronoun = fit;
                }
            }
        }
    }
    let top = passages.first();
    let to_top = top.and_then(|((doc, sentence), _)| {
        own_sentences
            .iter()
            .filter(|(d, _)| d == doc)
            .map(|(_, s)| s.abs_diff(*sentence))
            .min()
    });
    let mut best: Option<(Fit, &Mention)> = None;
    let mut via = false;
    let mut second = 0.0;
    for ((doc, sentence), _) in passages {
        let there = &library.docs[*doc].reading;
        let span = there.sentences[*sentence];
        for theirs in mentions.within(*doc, span.first, span.end).iter().take(40) {
            if same(ours, reading, theirs, there) || !rival(ours, reading, theirs, there) {
                continue;
            }
            let fit = fit(*doc, *sentence, theirs);
            match &best {
                Some((top, mention)) if fit.score() <= top.score() => {
                    let other = &library.docs[top.doc].reading;
                    if !same(theirs, there, mention, other) {
                        second = f64::max(second, fit.score());
                    }
                }
                _ => {
                    if let Some((top, mention)) = &best {
                        let other = &library.docs[top.doc].reading;
                        if !same(theirs, there, mention, other) {
                            second = top.score();
                        }
                    }
                    best = Some((fit, theirs));
                }
            }
        }
    }
    if kind == Kind::Name {
        for ((doc, sentence), _) in passages {
            let there = &library.docs[*doc].reading;
            let span = there.sentences[*sentence];
            let named = own_sentences
                .iter()
                .any(|(d, s)| d == doc && s <= sentence && *s + 4 > *sentence);
            if named {
                continue;
            }
            let from = there.sentences[sentence.saturating_sub(3)].first;
            for at in span.first..span.end {
                if !matches!(there.tokens[at].folded.as_str(), "he" | "she") {
                    continue;
                }
                let antecedent = mentions.within(*doc, from, at).iter().rev().find(|m| {
                    matches!(&m.value, Value::Name(roots) if mentions.class(roots) == mentions::Class::Person)
                });
                let Some(antecedent) = antecedent else { continue };
                let theirs = Mention { first: at, last: at, value: Value::Number(0) };
                let fit = fit(*doc, *sentence, &theirs);
                if best.as_ref().is_none_or(|(top, _)| fit.score() > top.score()) {
                    best = Some((fit, antecedent));
                    via = true;
                }
            }
        }
    }
    let (other, theirs) = best?;
    let there = &library.docs[other.doc].reading;
    let present = in_sentence.iter().any(|m| same(m, reading, theirs, there));
    let stated = claims.iter().any(|(_, m, _)| same(m, reading, theirs, there));
    let beside = own_sentences
        .iter()
        .filter(|(doc, _)| *doc == other.doc)
        .map(|(_, sentence)| sentence.abs_diff(other.sentence))
        .min();
    let flag = |on: bool| f64::from(u8::from(on));
    let mut features = vec![
        ("other_share", other.share),
        ("own_share", own.share),
        ("other_wide", other.wide),
        ("own_wide", own_wide),
        ("other_mass", other.mass),
        ("own_mass", own.mass),
        ("other_second_mass", other.second),
        ("own_second_mass", own.second),
        ("other_third_mass", other.third),
        ("own_third_mass", own.third),
        ("other_close", other.close.min(5.0)),
        ("own_close", own.close.min(5.0)),
        ("other_left", other.left),
        ("own_left", own.left),
        ("other_right", other.right),
        ("own_right", own.right),
        ("other_previous", other.previous),
        ("own_previous", own.previous),
        ("other_next", other.next),
        ("own_next", own.next),
        ("other_coverage", other.coverage),
        ("own_coverage", own.coverage),
        ("same_sentence", flag(beside == Some(0))),
        ("near_sentence", flag(beside.is_some_and(|d| d == 1 || d == 2))),
        ("same_doc", flag(beside.is_some())),
        ("own_places", f64::ln(own_places)),
        ("present", flag(present)),
        ("stated", flag(stated)),
        ("twice", twice),
        ("pronoun_share", pronoun.share),
        ("pronoun_score", pronoun.score()),
        ("own_window", own_window),
        ("other_window", other.window),
        ("via_pronoun", flag(via)),
        ("own_most", own_most),
        ("gap", other.coverage - own_most),
        ("gap_window", other.window - own_window),
        ("sure", other.coverage * (1.0 - own_window)),
        ("pronoun_margin", (pronoun.score() - other.score()).max(-0.3)),
        ("early", flag(early)),
        ("in_top", flag(to_top == Some(0))),
        ("near_top", flag(to_top.is_some_and(|d| d == 1 || d == 2))),
        ("other_is_top", flag(top.is_some_and(|(s, _)| *s == (other.doc, other.sentence)))),
        ("second", second),
        ("difference", other.score() - own.score()),
    ];
    features.extend(by_kind(ours, reading, theirs, there, mentions, own_unit));
    Some(Case {
        kind,
        first: ours.first,
        last: ours.last,
        own,
        other,
        features,
    })
}

fn stands_for(tokens: &[Token], at: usize) -> bool {
    let word = tokens[at].stem();
    matches!(
        word,
        "he" | "she" | "they" | "his" | "her" | "their" | "its" | "him" | "them" | "who" | "there" | "here"
    ) || !tokens[at].is_capitalised()
        && crate::verify::read::lexicon::is_generic(word)
        && at > 0
        && matches!(tokens[at - 1].folded.as_str(), "the" | "his" | "her" | "their" | "former")
}

fn by_kind(
    ours: &Mention,
    reading: &Reading<'_>,
    theirs: &Mention,
    there: &Reading<'_>,
    mentions: &Mentions,
    own_unit: f64,
) -> Vec<(&'static str, f64)> {
    let flag = |on: bool| f64::from(u8::from(on));
    let folded = |tokens: &[Token], at: Option<usize>| {
        at.and_then(|at| tokens.get(at)).map(|t| t.folded.clone()).unwrap_or_default()
    };
    match (&ours.value, &theirs.value) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (&reading.quantities[*a], &there.quantities[*b]);
            let ratio = (a.value / b.value.max(1e-9)).max(1e-9).ln().abs();
            vec![
                ("own_unit", own_unit),
                ("money", flag(matches!(a.unit, Unit::Money(_)))),
                ("percent", flag(a.unit == Unit::Percent)),
                ("plain", flag(a.unit == Unit::Plain)),
                ("ratio", ratio.min(8.0)),
                ("small", flag(a.value <= 12.0)),
                ("words", flag(a.words)),
                ("same_grain", flag((a.grain - b.grain).abs() < 1e-9)),
            ]
        }
        (Value::Date(a), Value::Date(b)) => {
            let (a, b) = (&reading.dates[*a], &there.dates[*b]);
            vec![
                ("year_only", flag(a.year.is_some() && a.month.is_none())),
                ("weekday", flag(a.weekday.is_some())),
                ("same_form", flag(
                    a.year.is_some() == b.year.is_some()
                        && a.month.is_some() == b.month.is_some()
                        && a.day.is_some() == b.day.is_some(),
                )),
            ]
        }
        (Value::Name(a), Value::Name(b)) => {
            let (tokens, others) = (&reading.tokens, &there.tokens);
            let (known, rival) = (mentions.traits(a), mentions.traits(b));
            let part = |x: f64, all: f64| x / (all + 0.5);
            let preposition = |word: &str| {
                matches!(word, "in" | "at" | "near" | "from" | "to" | "across" | "of" | "on")
            };
            let verb = |word: &str| {
                matches!(word, "said" | "says" | "told" | "has" | "have" | "was" | "is" | "had" | "will")
            };
            let (before, their_before) = (
                folded(tokens, ours.first.checked_sub(1)),
                folded(others, theirs.first.checked_sub(1)),
            );
            let (after, their_after) =
                (folded(tokens, Some(ours.last + 1)), folded(others, Some(theirs.last + 1)));
            let possessive = |tokens: &[Token], last: usize| tokens[last].folded.ends_with("'s");
            let country = |roots: &[String]| roots.iter().any(|root| is_place(root));
            let speech = |word: &str| {
                matches!(
                    word,
                    "said" | "says" | "told" | "tells" | "added" | "insists" | "insisted"
                        | "believes" | "claims" | "claimed" | "hopes" | "admits" | "admitted"
                        | "warned" | "warns" | "thinks" | "feels" | "believe" | "say"
                )
            };
            let modifier = |tokens: &[Token], last: usize| {
                tokens.get(last + 1).is_some_and(|t| {
                    t.gap != crate::verify::read::tokens::Gap::None
                        && crate::verify::evidence::is_content(t)
                        && !t.folded.ends_with("ed")
                })
            };
            use mentions::Class::{Body, Country, Person, Place, Unknown};
            let our_class = mentions.class(a);
            let their_class = mentions.class(b);
            let in_place = matches!(before.as_str(), "in" | "at" | "near" | "across" | "around");
            let pair = |slot: bool, x: f64| if slot { x } else { 0.0 };
            let (place, other_place) = (part(known.place, known.all), part(rival.place, rival.all));
            let (person, other_person) =
                (part(known.person, known.all), part(rival.person, rival.all));
            let (body, other_body) = (part(known.body, known.all), part(rival.body, rival.all));
            vec![
                ("same_class", flag(our_class == their_class)),
                ("person_for_place", flag(matches!((our_class, their_class), (Person, Country | Place)))),
                ("place_for_person", flag(matches!((our_class, their_class), (Country | Place, Person)))),
                ("persons", flag(our_class == Person && their_class == Person)),
                ("bodies", flag(our_class == Body && their_class == Body)),
                ("unknown", flag(our_class == Unknown || their_class == Unknown)),
                ("country_for_other", flag(our_class == Country && their_class != Country)),
                ("other_for_country", flag(our_class != Country && their_class == Country)),
                ("modifier", flag(modifier(tokens, ours.last))),
                ("modifier_differs", flag(modifier(tokens, ours.last) != modifier(others, theirs.last))),
                ("slot_place", flag(in_place)),
                ("slot_place_own", pair(in_place, place)),
                ("slot_place_other", pair(in_place, other_place)),
                ("slot_place_person", pair(in_place, person)),
                ("slot_speech", flag(speech(&after))),
                ("slot_speech_own", pair(speech(&after), person)),
                ("slot_speech_other", pair(speech(&after), other_person)),
                ("slot_speech_both", flag(speech(&after) && speech(&their_after))),
                ("slot_the", flag(before == "the")),
                ("slot_the_own", pair(before == "the", body)),
                ("slot_not_the_own", pair(before != "the", body)),
                ("slot_the_other", pair(before == "the", other_body)),
                ("salience", known.all / (mentions.most() + 0.5)),
                ("place_apart", (part(known.place, known.all) - part(rival.place, rival.all)).abs()),
                ("person_apart", (part(known.person, known.all) - part(rival.person, rival.all)).abs()),
                ("body_apart", (part(known.body, known.all) - part(rival.body, rival.all)).abs()),
                ("both_person", part(known.person, known.all).min(part(rival.person, rival.all))),
                ("both_place", part(known.place, known.all).min(part(rival.place, rival.all))),
                ("country", flag(country(a))),
                ("both_country", flag(country(a) && country(b))),
                ("after_preposition", flag(preposition(&before))),
                ("both_preposition", flag(preposition(&before) && preposition(&their_before))),
                ("preposition_differs", flag(preposition(&before) != preposition(&their_before))),
                ("verb_follows", flag(verb(&after))),
                ("both_verb", flag(verb(&after) && verb(&their_after))),
                ("possessive_differs", flag(possessive(tokens, ours.last) != possessive(others, theirs.last))),
                ("words", (ours.last - ours.first + 1) as f64),
                ("their_words", (theirs.last - theirs.first + 1) as f64),
                ("opens", flag(reading.sentences.iter().any(|s| s.first == ours.first))),
                ("their_opens", flag(there.sentences.iter().any(|s| s.first == theirs.first))),
                ("capitals_differ", flag(tokens[ours.first].is_all_capitals() != others[theirs.first].is_all_capitals())),
                ("rival_common", f64::ln(rival.all + 1.0)),
                ("known_common", f64::ln(known.all + 1.0)),
            ]
        }
        _ => Vec::new(),
    }
}
