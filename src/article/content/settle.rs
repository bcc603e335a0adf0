//! What holds whatever the models say of a block: the headline is not part of the text,
//! a heading has something under it, who wrote it and when is metadata, a caption with
//! its credit belongs to its picture, and a pull quote is not read twice.

use foldhash::{HashMap, HashMapExt as _};

use super::{
    Fate, Verdict, features, is_prose, lines,
    words::{self, plain},
};
use crate::article::{
    BlockKind,
    metadata::byline::intro,
    page::{
        blocks::{self, Raw},
        dom::{Id, Tree},
    },
};

/// Settles what the models left open, and gives the places of the pull quotes that stay.
pub(crate) fn settle(
    tree: &Tree<'_>,
    all: &[Raw],
    verdicts: &mut [Verdict],
    title: Option<&str>,
) -> Vec<usize> {
    headings(all, verdicts, title);
    open_with_text(all, verdicts);
    pull_quotes(tree, all, verdicts)
}

/// The headline, to compare blocks with.
pub(crate) struct Title {
    plain: String,
    weight: usize,
}

impl Title {
    /// Takes the title as it is stated, if it is.
    pub(crate) fn of(title: Option<&str>) -> Self {
        let title = title.unwrap_or("");
        Self {
            plain: plain(title),
            weight: blocks::weight(title),
        }
    }

    /// Whether a block says the same and no more.
    pub(crate) fn is(&self, block: &Raw) -> bool {
        block.weight > 0 && block.weight == self.weight && plain(&block.text) == self.plain
    }
}

/// The headline stands apart, captions belong to their pictures, and a heading has
/// something under it.
fn headings(all: &[Raw], verdicts: &mut [Verdict], title: Option<&str>) {
    let title = Title::of(title);
    let mut over_nothing = true;
    for (block, verdict) in all.iter().zip(verdicts).rev() {
        if verdict.fate != Fate::Taken {
            continue;
        }
        if ends_with_credit(block) {
            verdict.fate = Fate::Caption;
        } else if title.is(block) {
            verdict.fate = Fate::Headline;
        } else if block.kind == BlockKind::Heading && over_nothing {
            verdict.fate = Fate::Empty;
        } else {
            over_nothing = false;
        }
    }
}

/// Whether a short block ends with the credit of a picture: "… on Tuesday. Photo: Ina Berg".
fn ends_with_credit(block: &Raw) -> bool {
    const CAPTION: usize = 220;
    const CREDIT: usize = 60;
    if block.weight > CAPTION || !block.text.contains(':') {
        return false;
    }
    let line = block.text.to_lowercase();
    let Some((before, credit)) = line.trim_end_matches([')', '.']).rsplit_once(':') else {
        return false;
    };
    let label = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("");
    let said = before[..before.len() - label.len()].trim_end();
    !credit.trim().is_empty()
        && credit.chars().count() < CREDIT
        && words::has(lines::PICTURE_LABELS, label)
        && said.ends_with(['.', '(', '|', '/', '–', '—', '!', '?', '”', '"', '»'])
}

/// After so many blocks the text has begun, standfirst and all.
const OPENING: usize = 4;

/// What stands between headline, standfirst and text but says only who and when is
/// metadata.
fn open_with_text(all: &[Raw], verdicts: &mut [Verdict]) {
    let mut begun = false;
    let taken = all
        .iter()
        .zip(verdicts)
        .filter(|(_, verdict)| verdict.fate == Fate::Taken);
    for (block, verdict) in taken.take(OPENING) {
        begun |= is_prose(block);
        let is_line = block.kind == BlockKind::Paragraph
            && block.weight < 90
            && !blocks::ends_sentence(&block.text)
            && (intro::has_intro(&block.text) || (!begun && features::names_year(&block.text)));
        if is_line {
            verdict.fate = Fate::Dateline;
        }
    }
}

/// A pull quote says at least so much, in letters and digits.
const PULLED: usize = 12;

/// A pull quote says at most so much.
const LONGEST: usize = 700;
/// So many are looked for, each in the whole text.
const MAX_PULLED: usize = 50;

/// Words that are set off for display: those that the text has too are not read twice;
/// the places of the others, which the page's markup calls pull quotes, are returned.
fn pull_quotes(tree: &Tree<'_>, all: &[Raw], verdicts: &mut [Verdict]) -> Vec<usize> {
    // Neighbours stand in the same elements.
    let mut known: HashMap<Id, bool> = HashMap::new();
    let mut named = |block: &Raw| {
        std::iter::once(block.holder)
            .chain(tree.ancestors(block.holder))
            .take(4)
            .find(|&id| {
                *known
                    .entry(id)
                    .or_insert_with(|| names_pull_quote(tree, id))
            })
    };
    let taken = |verdicts: &[Verdict], at: usize| verdicts[at].fate == Fate::Taken;
    let weigh = |inside: &dyn Fn(&Raw) -> bool| -> usize {
        (0..all.len())
            .filter(|&at| taken(verdicts, at) && inside(&all[at]))
            .map(|at| all[at].weight)
            .sum()
    };
    let whole = weigh(&|_| true);
    let set_off: Vec<(usize, Option<Id>)> = (0..all.len())
        .filter(|&at| taken(verdicts, at) && (PULLED..LONGEST).contains(&all[at].weight))
        .filter_map(|at| {
            // An element that holds much of the text is no quotation, whatever its name.
            let named = named(&all[at]).filter(|&frame| {
                let inside = frame..tree.node(frame).end;
                weigh(&|block| inside.contains(&block.first)) * 3 <= whole
            });
            (named.is_some() || all[at].kind == BlockKind::Quote).then_some((at, named))
        })
        .take(MAX_PULLED)
        .collect();
    if set_off.is_empty() {
        return Vec::new();
    }
    let text: String = (0..all.len())
        .filter(|&at| taken(verdicts, at) && set_off.iter().all(|(quote, _)| *quote != at))
        .map(|at| plain(&all[at].text) + "|")
        .collect();
    let mut pulled = Vec::new();
    for (at, named) in set_off {
        let repeats = text.contains(&plain(&all[at].text));
        if repeats {
            verdicts[at].fate = Fate::Repeated;
        } else if named.is_some() {
            pulled.push(at);
        }
        // Its speaker goes with it.
        let Some(frame) = named.filter(|_| repeats) else {
            continue;
        };
        let end = tree.node(frame).end;
        for (block, verdict) in all.iter().zip(&mut *verdicts) {
            if frame < block.first && block.first < end && block.weight < 60 {
                verdict.fate = Fate::Repeated;
            }
        }
    }
    pulled
}

/// Whether a class says that the element holds words set off for display.
fn names_pull_quote(tree: &Tree<'_>, id: Id) -> bool {
    let Some(class) = tree.attr(id, "class") else {
        return false;
    };
    class.split_ascii_whitespace().any(|word| {
        // `has-pullquote` says what is inside, not what this is.
        if ["has-", "no-", "with-", "without-"]
            .iter()
            .any(|prefix| word.starts_with(prefix))
        {
            return false;
        }
        let word: String = word
            .chars()
            .filter(|c| !matches!(c, '-' | '_'))
            .flat_map(char::to_lowercase)
            .collect();
        words::PULL_QUOTE_NAMES
            .iter()
            .any(|name| word.contains(name))
    })
}
