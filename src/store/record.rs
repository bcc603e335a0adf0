//! A record: what is stored of a checked analysis, with its provenance.
//!
//! The only constructor takes a [`Verified`], so an analysis that was not checked
//! cannot reach the disk.

use jiff::Timestamp;

use crate::{
    analysis::document::{
        self, Analysis, AnalysisImage, AnalysisSource, ClaimRecord, Copying, Counts, EngineKind,
        EvidenceRecord, ExcerptShown, FindingRecord, HeldFor, ImageRights, Provenance, SCHEMA_NAME,
        SentenceRecord, Status, Verification,
    },
    article::snapshot,
    pack::Excerpt,
    settings::House,
    story::{Source, Story},
    text::{sha256, word_count},
    verify::{
        Evidence, Reason, Report, Severity, SourceField, Support, Unchecked, Verdict, Verified,
    },
};

/// Words that an adult reads in a minute, as the trade counts it.
const WORDS_PER_MINUTE: usize = 200;

/// What is stored of one revision.
#[derive(Clone, Debug)]
pub struct Record {
    analysis: Analysis,
    aliases: Vec<String>,
    story_digest: String,
}

/// What an analysis is called, for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: String,
    /// Its slug.
    pub slug: String,
    /// The number of this revision.
    pub revision: u64,
    /// When revision 1 was made.
    pub created: Timestamp,
}

/// Everything that a record is made from.
#[derive(Debug)]
pub struct Making<'a> {
    /// The checked draft.
    pub verified: &'a Verified,
    /// What it was written from.
    pub story: &'a Story,
    /// What of it was shown.
    pub excerpt: &'a Excerpt,
    /// What it is called.
    pub identity: Identity,
    /// The addresses and texts that lead to it.
    pub aliases: Vec<String>,
    /// How it was made.
    pub provenance: Provenance,
    /// The house's label.
    pub house: &'a House,
    /// The note under it.
    pub disclaimer: &'a str,
    /// The IPTC digital source type of its text.
    pub digital_source_type: &'a str,
    /// Whether an extractive analysis may be published.
    pub publish_extractive: bool,
    /// Whether the house wants it judged by a second model and that gave no answer.
    pub unjudged: bool,
    /// Now.
    pub now: Timestamp,
}

impl Record {
    /// Makes the record of a checked analysis.
    pub fn new(making: Making<'_>) -> Self {
        let Making {
            verified,
            story,
            identity,
            provenance,
            ..
        } = &making;
        let draft = verified.draft();
        let verification = verification(verified, story);
        let mut held_for = Vec::new();
        if verification.verdict == Verdict::Unsupported {
            held_for.push(HeldFor::Unsupported);
        }
        let reasons = verification.findings.iter().map(|finding| finding.reason);
        for why in reasons.filter_map(holds) {
            if !held_for.contains(&why) {
                held_for.push(why);
            }
        }
        if provenance.engine == EngineKind::Extractive && !making.publish_extractive {
            held_for.push(HeldFor::Extractive);
        }
        if making.unjudged {
            held_for.push(HeldFor::Unjudged);
        }
        let word_count = body_words(verified);
        let analysis = Analysis {
            schema: SCHEMA_NAME.into(),
            id: identity.id.clone(),
            aliases: addresses(story),
            slug: identity.slug.clone(),
            revision: identity.revision,
            status: if held_for.is_empty() {
                Status::Ready
            } else {
                Status::Held
            },
            held_for,
            language: draft.language.clone(),
            category: draft.category.clone(),
            label: making.house.label.clone(),
            keyphrase: draft.keyphrase.clone(),
            title: draft.title.clone(),
            summary: draft.summary.clone(),
            lede: draft.lede.clone(),
            sections: draft
                .sections
                .iter()
                .map(|section| document::Section {
                    id: section.id.clone(),
                    heading: section.heading.clone(),
                    paragraphs: section.paragraphs.clone(),
                })
                .collect(),
            pull_quote: pull_quote(verified, story),
            disclaimer: making.disclaimer.to_owned(),
            word_count,
            reading_minutes: word_count.div_ceil(WORDS_PER_MINUTE).max(1),
            image: image(story),
            lead_source: story.lead().id.clone(),
            sources: sources(story, making.excerpt),
            verification,
            provenance: provenance.clone(),
            created_at: identity.created,
            revised_at: making.now,
            digital_source_type: making.digital_source_type.to_owned(),
        };
        let story_digest = story_digest(story);
        Self {
            analysis,
            aliases: making.aliases,
            story_digest,
        }
    }

    /// The document.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    pub(super) fn id(&self) -> &str {
        &self.analysis.id
    }

    pub(super) fn aliases(&self) -> &[String] {
        &self.aliases
    }

    pub(super) fn story_digest(&self) -> &str {
        &self.story_digest
    }

    pub(super) fn next_revision(&mut self) {
        self.analysis.revision += 1;
    }

    /// Takes over a revision that a cut-off run wrote from the same completions; says
    /// whether it is one.
    pub(super) fn adopt(&mut self, there: &Analysis) -> bool {
        let ours = &self.analysis.provenance;
        let same = ours.engine == there.provenance.engine
            && ours.completions == there.provenance.completions
            && self
                .analysis
                .sources
                .iter()
                .map(|s| &s.article)
                .eq(there.sources.iter().map(|s| &s.article));
        if same {
            self.analysis = there.clone();
        }
        same
    }

    pub(super) fn into_analysis(self) -> Analysis {
        self.analysis
    }
}

/// The id of a new analysis: a digest of its first article and its language, and of the
/// other articles where there are several. It is stored and never computed again, so a
/// later change of text or address keeps it.
pub fn new_id(story: &Story, language: &str) -> String {
    let mut named = language.to_owned();
    for source in story.sources() {
        let article = &source.article;
        let url = article.canonical_url.as_ref().or(article.url.as_ref());
        named.push('\n');
        named.push_str(url.map_or("", |url| url.as_str()));
        named.push('\n');
        named.push_str(&sha256(article.text.as_bytes()));
    }
    let mut id = sha256(named.as_bytes());
    id.truncate(16);
    id
}

/// A readable name for addresses: the letters and digits of the title, joined by
/// hyphens, at most 80 characters. Never used as a path by prism itself.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in title
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if slug.chars().count() + word.chars().count() > 79 {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() {
        "analysis".into()
    } else {
        slug
    }
}

/// The digest of the texts of a story: equal as long as there is nothing new to write.
pub fn story_digest(story: &Story) -> String {
    let texts: Vec<_> = story
        .sources()
        .iter()
        .map(|source| sha256(source.article.text.as_bytes()))
        .collect();
    sha256(texts.join("\n").as_bytes())
}

fn addresses(story: &Story) -> Vec<String> {
    let mut addresses = Vec::new();
    for source in story.sources() {
        for url in [&source.article.canonical_url, &source.article.url]
            .into_iter()
            .flatten()
        {
            if !addresses.iter().any(|known| known == url.as_str()) {
                addresses.push(url.to_string());
            }
        }
    }
    addresses
}

fn body_words(verified: &Verified) -> usize {
    let draft = verified.draft();
    let sections = draft
        .sections
        .iter()
        .flat_map(|section| std::iter::once(&section.heading).chain(&section.paragraphs));
    std::iter::once(&draft.lede)
        .chain(sections)
        .map(|text| word_count(text))
        .sum()
}

fn pull_quote(verified: &Verified, story: &Story) -> Option<document::PullQuote> {
    let quote = verified.draft().pull_quote.as_ref()?;
    let text = &story.source(&quote.source)?.article.text;
    Some(document::PullQuote {
        text: quote.text.clone(),
        speaker: quote.speaker.as_ref().map(|speaker| speaker.name.clone()),
        role: quote
            .speaker
            .as_ref()
            .and_then(|speaker| speaker.role.clone()),
        source: quote.source.clone(),
        span: quote.span.to_points(text),
        after: quote.after.clone(),
    })
}

fn image(story: &Story) -> Option<AnalysisImage> {
    let (source, image) = story
        .sources()
        .iter()
        .find_map(|source| Some((source, source.article.image.as_ref()?)))?;
    Some(AnalysisImage {
        url: image.url.clone(),
        alt: image.alt.clone(),
        caption: image.caption.clone(),
        credit: image.credit.clone(),
        license_url: None,
        rights: ImageRights::Unknown,
        source: source.id.clone(),
    })
}

fn sources(story: &Story, excerpt: &Excerpt) -> Vec<AnalysisSource> {
    let shown = excerpt.parts.iter();
    story
        .sources()
        .iter()
        .zip(shown)
        .map(|(source, part)| {
            let article = &source.article;
            AnalysisSource {
                id: source.id.clone(),
                url: article.url.clone(),
                canonical_url: article.canonical_url.clone(),
                outlet: article.outlet.clone(),
                title: article.title.clone(),
                byline: article.byline.clone(),
                published: article.published,
                modified: article.modified,
                retrieved: source.retrieved,
                language: article.language.clone(),
                words: word_count(&article.text),
                text_sha256: sha256(article.text.as_bytes()),
                article: snapshot::digest(article),
                access: article.access,
                rights: Vec::new(),
                excerpt: ExcerptShown {
                    tokens: part.tokens,
                    share: part.share,
                    blocks_left_out: article.blocks.len() - part.blocks.len(),
                },
            }
        })
        .collect()
}

fn verification(verified: &Verified, story: &Story) -> Verification {
    let mut claims = Vec::new();
    let mut findings = Vec::new();
    let mut sentences = Vec::new();
    let mut unchecked: Vec<Unchecked> = Vec::new();
    for (pointer, text, report) in verified.texts() {
        sentences.extend(sentence_records(pointer, text, report, story));
        for missing in &report.unchecked {
            if !unchecked.contains(missing) {
                unchecked.push(*missing);
            }
        }
        claims.extend(claim_records(pointer, text, report, story));
        findings.extend(finding_records(pointer, text, report, story));
    }
    let supported = |support| {
        claims
            .iter()
            .filter(|claim| claim.support == support)
            .count()
    };
    let of = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let counts = Counts {
        claims: claims.len(),
        supported: supported(Support::Supported),
        contradicted: supported(Support::Contradicted),
        unsupported: supported(Support::Unsupported),
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
    };
    let overlap = verified.overlap();
    Verification {
        verdict: if counts.errors == 0 {
            Verdict::Supported
        } else {
            Verdict::Unsupported
        },
        counts,
        claims,
        findings,
        sentences,
        unchecked,
        copying: Copying {
            longest_run: overlap.longest_run,
            share: round(overlap.share),
        },
    }
}

fn claim_records<'a>(
    pointer: &'a str,
    text: &'a str,
    report: &'a Report,
    story: &'a Story,
) -> impl Iterator<Item = ClaimRecord> + 'a {
    report.claims.iter().map(move |claim| ClaimRecord {
        field: pointer.to_owned(),
        span: claim.span.to_points(text),
        text: claim.span.of(text).to_owned(),
        kind: claim.kind,
        support: claim.support,
        evidence: claim
            .evidence
            .as_ref()
            .and_then(|evidence| evidence_record(evidence, story)),
    })
}

fn finding_records<'a>(
    pointer: &'a str,
    text: &'a str,
    report: &'a Report,
    story: &'a Story,
) -> impl Iterator<Item = FindingRecord> + 'a {
    report.findings.iter().map(move |finding| FindingRecord {
        field: pointer.to_owned(),
        kind: finding.kind,
        reason: finding.reason,
        severity: finding.severity,
        text: finding.span.of(text).to_owned(),
        span: finding.span.to_points(text),
        message: finding.message.clone(),
        closest: finding
            .closest
            .as_ref()
            .and_then(|evidence| evidence_record(evidence, story)),
    })
}

fn sentence_records<'a>(
    pointer: &'a str,
    text: &'a str,
    report: &'a Report,
    story: &'a Story,
) -> impl Iterator<Item = SentenceRecord> + 'a {
    report.sentences.iter().map(move |sentence| SentenceRecord {
        field: pointer.to_owned(),
        span: sentence.span.to_points(text),
        covered: round(sentence.covered),
        evidence: sentence
            .evidence
            .iter()
            .filter_map(|evidence| evidence_record(evidence, story))
            .collect(),
    })
}

/// What a finding that is no error of fact holds an analysis for, if it does.
fn holds(reason: Reason) -> Option<HeldFor> {
    match reason {
        Reason::CopiedAtLength => Some(HeldFor::Copying),
        Reason::EchoOfInstruction | Reason::EchoOfMarker | Reason::EchoOfPrompt => {
            Some(HeldFor::Echo)
        }
        _ => None,
    }
}

fn evidence_record(evidence: &Evidence, story: &Story) -> Option<EvidenceRecord> {
    let text = whole_text(evidence, story.source(&evidence.source)?)?;
    Some(EvidenceRecord {
        source: evidence.source.clone(),
        field: evidence.field,
        span: evidence.span.to_points(&text),
        text: evidence.text.clone(),
    })
}

/// The text that the span of the evidence is in.
fn whole_text(evidence: &Evidence, source: &Source) -> Option<String> {
    let article = &source.article;
    match evidence.field {
        SourceField::Text => Some(article.text.clone()),
        SourceField::Title => article.title.clone(),
        SourceField::Published => article.published.map(|moment| moment.to_string()),
        SourceField::Name => {
            let mut names = article.byline.iter().chain(&article.outlet);
            let has_it = |name: &&String| {
                name.get(evidence.span.start..evidence.span.end) == Some(evidence.text.as_str())
            };
            names.find(has_it).cloned()
        }
    }
}

/// Three decimals: enough for a share, and the same on every machine.
fn round(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}
