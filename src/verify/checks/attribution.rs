//! Who said it: the speaker of a quotation, or of what the text tells in its own words
//! (`Ruiz said that …`, `according to Ruiz`), held against who says it in the source.
//!
//! Two ways lead to a finding. Where the words around a quotation are the source's but
//! for a name, that name was exchanged ([`exchanged`]). Where both sides name a speaker
//! beyond doubt and the names cannot be one person's ([`speakers`]), they differ. All
//! else is silent: a pronoun of the text, a role without a name, a source that names
//! nobody. Nothing is claimed of whom a speaker talks to or about.

mod exchanged;
mod speakers;

use std::collections::HashSet;

use self::speakers::Likeness;
use super::{quotes::Located, stretch::Stretch};
use crate::{
    article::quotation::{Speaker, Speech, is_report},
    text::Span,
    verify::{
        Claim, Evidence, Kind, Reason, Report, Severity, Support,
        evidence::{Backing, Passage},
        finding::{finding, quoted},
        read::{Reading, Sentence, capitals::Style, normal::fold, tokens::Token},
        sources::Library,
    },
};

/// So many speakers are judged; an honest text has fewer, a hostile one may have thousands.
const MOST: usize = 200;

/// Adds the claims and findings about who says what in `reading`; `located` are its
/// quotations and `backings` belong to its sentences.
pub(in crate::verify) fn judge(
    reading: &Reading<'_>,
    backings: &[Backing],
    located: &[Located],
    library: &Library<'_>,
    report: &mut Report,
) {
    let reports = |token: &Token| is_report(&token.text);
    if located.is_empty() && !reading.tokens.iter().any(reports) {
        return;
    }
    let mut check = Check {
        reading,
        titled: reading.style == Some(Style::Title),
        library,
        report,
        done: HashSet::new(),
    };
    // A surname that begins a sentence of the text is one inside a sentence of a source.
    let speech = reading.speech(|word| {
        library.places(&fold(word)).iter().any(|place| {
            let opens = library.sentence_of(*place).is_some_and(|at| {
                library.docs[place.doc].reading.sentences[at].first == place.token
            });
            !opens && library.token(*place).is_capitalised()
        })
    });
    for quotation in located.iter().take(MOST) {
        check.quotation(quotation, &speech);
    }
    check.reported(backings, located, &speech);
}

/// Adds the claim or the finding about the speaker of a pull quote, which stands at `span`
/// of the checked text; the source gives it to `theirs`, as `evidence` shows.
pub(in crate::verify) fn pull_quote(
    ours: &Speaker,
    theirs: &Speaker,
    span: Span,
    evidence: Evidence,
    library: &Library<'_>,
    report: &mut Report,
) {
    match speakers::likeness(ours, theirs, library) {
        Likeness::Unclear => {}
        Likeness::Same => report.claims.push(Claim {
            kind: Kind::Attribution,
            span,
            support: Support::Supported,
            evidence: Some(evidence),
        }),
        Likeness::Different => {
            let finding = finding(
                Kind::Attribution,
                Reason::AttributionDiffers,
                Severity::Error,
                span,
                said_by(theirs, &ours.name),
                Some(evidence),
            );
            report.found(span, finding);
        }
    }
}

/// One run over a text.
struct Check<'a, 'b> {
    reading: &'a Reading<'a>,
    /// Whether other words than names have capitals too.
    titled: bool,
    library: &'a Library<'a>,
    report: &'b mut Report,
    /// Names that are judged: one that leads two quotations is judged once.
    done: HashSet<Span>,
}

/// A speaker of a source, and the passage that shows it.
struct Heard<'s> {
    speaker: &'s Speaker,
    evidence: Evidence,
    /// Whether the speaker is named, and not called "the Swede".
    certain: bool,
}

impl Check<'_, '_> {
    /// Who says a quotation.
    fn quotation(&mut self, located: &Located, speech: &Speech) {
        // A phrase of a few words may be anyone's.
        const SHORTEST: usize = 4;
        let quotation = located.quotation;
        let span = self.reading.span(quotation.first, quotation.last);
        let ours = speaker_of(speech, span);
        let library = self.library;
        let heard: Vec<Heard<'_>> = located
            .stretches
            .iter()
            .filter_map(|stretch| self.heard(*stretch))
            .collect();
        if let Some((speaker, named)) = ours {
            let same = heard.iter().find(|heard| {
                speakers::likeness(speaker, heard.speaker, library) == Likeness::Same
            });
            if let Some(heard) = same {
                if let Some(named) = named {
                    self.supported(named, heard.evidence.clone());
                }
                return;
            }
        }
        for stretch in &located.stretches {
            let found = exchanged::around(self.reading, quotation, *stretch, self.titled, library);
            let Some(found) = found else {
                continue;
            };
            let theirs = library.evidence(stretch.doc, found.theirs.0, found.theirs.1);
            let sentence = library.evidence_at(
                stretch.doc,
                around(&library.docs[stretch.doc].reading, found.theirs.0),
            );
            let named = self.reading.span(found.ours.0, found.ours.1);
            // Another place may have the words from this speaker.
            let elsewhere = located.stretches.iter().any(|other| {
                let reading = &library.docs[other.doc].reading;
                let name = named.of(self.reading.text);
                other != stretch
                    && speakers::is_in(name, around(reading, other.first).of(reading.text))
            });
            if elsewhere {
                return;
            }
            let message = format!(
                "With these words the source names {} where the text names {}.",
                quoted(&theirs.text),
                quoted(named.of(self.reading.text))
            );
            self.differs(named, Severity::Error, message, sentence);
            return;
        }
        let words = self.reading.tokens[quotation.first..=quotation.last]
            .iter()
            .filter(|token| token.is_word())
            .count();
        let differs = |speaker: &Speaker, heard: &Heard<'_>| {
            heard.certain
                && !speakers::is_in(&speaker.name, &heard.evidence.text)
                && speakers::likeness(speaker, heard.speaker, library) == Likeness::Different
        };
        if let Some((speaker, Some(named))) = ours
            && words >= SHORTEST
            && is_certain(self.reading, named)
            && heard.len() == located.stretches.len()
            && let Some(first) = heard.first()
            && heard.iter().all(|heard| differs(speaker, heard))
        {
            let message = said_by(first.speaker, named.of(self.reading.text));
            self.differs(named, Severity::Warning, message, first.evidence.clone());
        }
    }

    /// Who says what the text tells in its own words.
    fn reported(&mut self, backings: &[Backing], located: &[Located], speech: &Speech) {
        for told in speech.reported.iter().take(MOST) {
            let first = self.reading.token_at(told.named.start);
            let Some(sentence) = self.reading.sentence_of(first) else {
                continue;
            };
            // A sentence with a quotation is judged by its quotation.
            let tokens = self.reading.sentences[sentence];
            let quotes = located
                .iter()
                .any(|one| (tokens.first..tokens.end).contains(&one.quotation.first));
            if quotes || tokens.end - tokens.first > LONGEST {
                continue;
            }
            self.indirect(&told.speaker, told.named, tokens, &backings[sentence]);
        }
    }

    fn indirect(&mut self, speaker: &Speaker, named: Span, sentence: Sentence, backing: &Backing) {
        // Below this share the passage may say something else.
        const SURE: f64 = 0.7;
        const ENOUGH: f64 = 0.4;
        let library = self.library;
        let mut differs = None;
        for (nth, passage) in backing.passages.iter().enumerate() {
            let shared = self.shared(sentence, speaker, named, *passage);
            if shared < ENOUGH {
                continue;
            }
            let doc = &library.docs[passage.doc];
            let span = doc.reading.sentences[passage.sentence].span;
            let mut all_differ = shared >= SURE && nth == 0;
            let mut first = None;
            for (theirs, place) in speakers_in(doc.speech(), span) {
                match speakers::likeness(speaker, theirs, library) {
                    Likeness::Same => {
                        self.supported(named, library.evidence_at(passage.doc, span));
                        return;
                    }
                    Likeness::Different => {
                        all_differ &= place.is_none_or(|at| is_certain(&doc.reading, at));
                    }
                    Likeness::Unclear => all_differ = false,
                }
                first = first.or(Some(theirs));
            }
            differs = differs.or(first.filter(|_| all_differ).map(|one| (one, *passage)));
        }
        let Some((theirs, passage)) = differs.filter(|_| is_certain(self.reading, named)) else {
            return;
        };
        let passage = library.passage(passage);
        if !speakers::is_in(&speaker.name, &passage.text) {
            let message = said_by(theirs, named.of(self.reading.text));
            self.differs(named, Severity::Warning, message, passage);
        }
    }

    /// The share of the content words of a sentence, without those that name its speaker
    /// (at `named`, and his role), that a passage has.
    fn shared(&self, sentence: Sentence, speaker: &Speaker, named: Span, passage: Passage) -> f64 {
        let role = speaker.role.as_deref().map(fold).unwrap_or_default();
        let is_role = |token: &Token| role.split(' ').any(|word| token.folded == word);
        let tokens = &self.reading.tokens[sentence.first..sentence.end];
        let (mut all, mut shared) = (0_u32, 0_u32);
        for token in tokens {
            let counts = token.is_content()
                && !named.contains(token.span)
                && !is_report(&token.text)
                && !is_role(token);
            if !counts {
                continue;
            }
            all += 1;
            shared += u32::from(self.library.family(token.stem()).any(|place| {
                place.doc == passage.doc
                    && self.library.sentence_of(place) == Some(passage.sentence)
            }));
        }
        // What is said in a word or two is said by many.
        if all < 3 {
            return 0.0;
        }
        f64::from(shared) / f64::from(all)
    }

    /// Who says the words of a stretch in its source.
    fn heard(&self, stretch: Stretch) -> Option<Heard<'_>> {
        let doc = &self.library.docs[stretch.doc];
        let span = doc.reading.span(stretch.first, stretch.last);
        let (speaker, named) = speaker_of(doc.speech(), span)?;
        let place = named.unwrap_or(span);
        let sentence = around(&doc.reading, doc.reading.token_at(place.start));
        Some(Heard {
            speaker,
            evidence: self.library.evidence_at(stretch.doc, sentence),
            certain: named.is_none_or(|named| is_certain(&doc.reading, named)),
        })
    }

    fn supported(&mut self, named: Span, evidence: Evidence) {
        if self.done.insert(named) {
            self.report.claims.push(Claim {
                kind: Kind::Attribution,
                span: named,
                support: Support::Supported,
                evidence: Some(evidence),
            });
        }
    }

    fn differs(&mut self, named: Span, severity: Severity, message: String, closest: Evidence) {
        if !self.done.insert(named) {
            return;
        }
        self.report.findings.push(finding(
            Kind::Attribution,
            Reason::AttributionDiffers,
            severity,
            named,
            message,
            Some(closest.clone()),
        ));
        self.report.claims.push(Claim {
            kind: Kind::Attribution,
            span: named,
            support: Support::Contradicted,
            evidence: Some(closest),
        });
    }
}

fn said_by(theirs: &Speaker, ours: &str) -> String {
    format!(
        "The source gives these words to {}, the text gives them to {}.",
        quoted(&theirs.name),
        quoted(ours)
    )
}

/// The speaker of the quotation that has the words at `span`, and where the name stands.
fn speaker_of(speech: &Speech, span: Span) -> Option<(&Speaker, Option<Span>)> {
    // Inner quotations follow the outer one and have no speaker.
    const INNER: usize = 8;
    let after = speech
        .utterances
        .partition_point(|one| one.span.start < span.end);
    speech.utterances[..after]
        .iter()
        .rev()
        .take(INNER)
        .filter(|one| one.span.overlaps(span))
        .find_map(|one| Some((one.speaker.as_ref()?, one.named)))
}

/// Everyone who is said to say something in the sentence at `span`, and where the name
/// stands.
fn speakers_in(speech: &Speech, span: Span) -> impl Iterator<Item = (&Speaker, Option<Span>)> {
    let told = speech
        .reported
        .partition_point(|one| one.named.start < span.start);
    let told = speech.reported[told..]
        .iter()
        .take_while(move |one| one.named.start < span.end)
        .map(|one| (&one.speaker, Some(one.named)));
    // A quotation may begin before the sentence; one reaches into few sentences.
    let first = speech
        .utterances
        .partition_point(|one| one.span.end <= span.start);
    let quoted = speech.utterances[first..]
        .iter()
        .take_while(move |one| one.span.start < span.end)
        .filter_map(|one| Some((one.speaker.as_ref()?, one.named)));
    told.chain(quoted)
}

/// A sentence of more tokens is no sentence.
const LONGEST: usize = 150;

/// The span of the sentence that has this token, or of some tokens around it where that
/// is very long.
fn around(reading: &Reading<'_>, token: usize) -> Span {
    let last = reading.tokens.len() - 1;
    let token = token.min(last);
    let sentence = reading.sentence_of(token).map(|at| reading.sentences[at]);
    match sentence.filter(|sentence| sentence.end - sentence.first <= LONGEST) {
        Some(sentence) => sentence.span,
        None => reading.span(
            token.saturating_sub(LONGEST / 4),
            (token + LONGEST / 4).min(last),
        ),
    }
}

/// Whether a name at this place can be only one speaker's: after an article it may be an
/// epithet ("the Swede") or an organisation, which speaks through many.
fn is_certain(reading: &Reading<'_>, named: Span) -> bool {
    const ARTICLES: &[&str] = &[
        "a", "an", "das", "der", "die", "el", "il", "l", "la", "las", "le", "les", "los", "the",
    ];
    let at = reading.token_at(named.start);
    at.checked_sub(1).is_none_or(|before| {
        ARTICLES
            .binary_search(&reading.tokens[before].folded.as_str())
            .is_err()
    })
}
