//! What was found in one text.

use super::{
    Claim, Evidence, Finding, Kind, Reason, Severity, Support, Unchecked, Verdict,
    read::tokens::Token,
};
use crate::text::Span;

/// What was found in one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Every checkable statement, in the order of its span.
    pub claims: Vec<Claim>,
    /// What a person must see, in the order of its span.
    pub findings: Vec<Finding>,
    /// Every sentence of the text, in order, with what supports it.
    pub sentences: Vec<SentenceSupport>,
    /// What could not be checked, and why.
    pub unchecked: Vec<Unchecked>,
}

/// A sentence of the checked text and the sentences of the sources that bear it out.
#[derive(Clone, Debug, PartialEq)]
pub struct SentenceSupport {
    /// The sentence in the checked text.
    pub span: Span,
    /// Share of the weight of its content words that the evidence covers, 0 to 1; rare
    /// words weigh more.
    pub covered: f64,
    /// At most three passages, the best first, each adding to those before it.
    pub evidence: Vec<Evidence>,
}

impl Report {
    /// What the findings come to.
    pub fn verdict(&self) -> Verdict {
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if self.findings.iter().any(is_error) {
            Verdict::Unsupported
        } else {
            Verdict::Supported
        }
    }

    /// Adds the claim in the tokens `first..=last` with its evidence or its finding.
    pub(in crate::verify) fn add(
        &mut self,
        kind: Kind,
        tokens: &[Token],
        first: usize,
        last: usize,
        verdict: Result<Evidence, Finding>,
    ) {
        let span = Span::new(tokens[first].span.start, tokens[last].span.end);
        match verdict {
            Ok(evidence) => self.claims.push(Claim {
                kind,
                span,
                support: Support::Supported,
                evidence: Some(evidence),
            }),
            Err(finding) => self.found(span, finding),
        }
    }

    /// Adds a finding, and the claim at `span` that it is about.
    pub(in crate::verify) fn found(&mut self, span: Span, finding: Finding) {
        let contradicted = matches!(
            finding.reason,
            Reason::QuotationAltered
                | Reason::QuotationOtherSource
                | Reason::NumberUnitDiffers
                | Reason::NameAltered
                | Reason::AttributionDiffers
                | Reason::NegationDiffers
                | Reason::DirectionDiffers
        );
        self.claims.push(Claim {
            kind: finding.kind,
            span,
            support: if contradicted {
                Support::Contradicted
            } else {
                Support::Unsupported
            },
            evidence: finding.closest.clone().filter(|_| contradicted),
        });
        self.findings.push(finding);
    }
}
