//! The dates that a reader sees beside an article: lines around the headline and under
//! the text, and `<time>` elements, each with what its label says it is.
//!
//! Only places that belong to the article count. Dates of comments, of teasers to other
//! articles and of what the text tells about are not read, and a line that says
//! "updated" dates the change, not the publication.

use crate::article::metadata::{
    when::Where,
    when::labels::{self, Label},
    when::written::{self, Order},
};
use crate::article::{
    BlockKind, Moment,
    content::is_prose,
    page::{
        blocks::{self, Raw},
        dom::Id,
    },
};

/// The most that a line says which gives the date among other things.
const SHORT: usize = 110;
/// The most that a line under the text says which tells when it was posted.
const LONG: usize = 300;
/// How many nodes before the headline still belong to its surroundings.
const AROUND: usize = 60;
/// How many blocks after the text may date it.
const AFTER: usize = 6;

/// A date that a reader sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// When.
    pub(crate) moment: Moment,
    /// What the page says it is.
    pub(crate) label: Label,
    /// Whether it is a `<time>`.
    pub(crate) is_time: bool,
}

/// The article's place on the page.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The headline, or the text's first block where there is none.
    headline: Id,
    /// The text's first block.
    start: Id,
    /// Its third, or the last of fewer: a line with the date may follow a standfirst.
    begun: Id,
    /// The text's last block.
    last: Id,
}

impl Place {
    /// The headline and the text's first block.
    pub(crate) fn before_text(self) -> (Id, Id) {
        (self.headline, self.start)
    }
}

impl Where<'_, '_> {
    /// Where the article stands.
    pub(crate) fn place(&self) -> Place {
        let mut prose = self
            .content
            .blocks
            .iter()
            .filter(|block| is_prose(block))
            .map(|block| block.first);
        // Where there is no text, a headline alone tells where the article is.
        let start = prose.next().unwrap_or_else(|| {
            let shown = self.places.headings.iter().find(|&&id| !self.hidden[id]);
            shown.map_or(0, |id| id + AROUND)
        });
        let begun = prose.take(2).last().unwrap_or(start);
        let headline = self
            .places
            .headings
            .iter()
            .copied()
            .rfind(|&id| id <= start && !self.hidden[id])
            .or_else(|| self.titled(start))
            .unwrap_or(start);
        let last = self
            .content
            .blocks
            .iter()
            .rev()
            .find(|block| is_prose(block))
            .map_or(start, |block| block.first);
        Place {
            headline,
            start,
            begun,
            last,
        }
    }

    /// The block before `start` that says what the title says, where no `<h1>` does.
    fn titled(&self, start: Id) -> Option<Id> {
        const SAME: usize = 8;
        let title = self.title?;
        let before = self.blocks.partition_point(|block| block.first < start);
        self.blocks[..before]
            .iter()
            .rev()
            .find(|block| block.text.len() >= SAME && title.contains(block.text.as_str()))
            .map(|block| block.first)
    }

    /// The dates between the headline and the text, then those shortly before the
    /// headline, the nearest first.
    pub(crate) fn near(&self, place: Place, order: &dyn Fn() -> Option<Order>) -> Vec<Seen> {
        let Place {
            headline, start, ..
        } = place;
        let mut seen = self.between(place, (headline, start), order);
        let floor = headline.saturating_sub(AROUND);
        let mut before = self.between(place, (floor, headline.saturating_sub(1)), order);
        before.reverse();
        seen.extend(before);
        seen
    }

    /// The dates under a standfirst, in elements whose names say so, elsewhere in the
    /// article, and those under the text.
    pub(crate) fn far(&self, place: Place, order: &dyn Fn() -> Option<Order>) -> Vec<Seen> {
        let holder = self.content.container;
        let end = self.tree.node(holder).end;
        let mut seen = self.between(place, (place.start, place.begun), order);
        let named = self.blocks.iter().enumerate().filter(|(_, block)| {
            block.weight < SHORT
                && written::may_hold_date(&block.text)
                && self.is_date_name(block.holder)
        });
        for (at, _) in named {
            seen.extend(self.line(place, at, order));
        }
        seen.extend(self.between(place, (holder, place.start.min(end)), order));
        let after = self
            .blocks
            .partition_point(|block| block.first <= place.last);
        for at in after..(after + AFTER).min(self.blocks.len()) {
            let alone = at - after < 4;
            seen.extend(
                self.line(place, at, order)
                    .into_iter()
                    .filter(|seen| alone || seen.label != Label::None),
            );
        }
        let times = &self.places.times;
        if let [time] = times[..]
            && !self.hidden[time]
        {
            seen.extend(self.time(place, time, order));
        }
        // What is called the publication may stand anywhere but in a teaser.
        let is_published = |seen: &Seen| seen.label == Label::Published;
        if !seen.iter().any(is_published) {
            let shown = times.iter().filter(|&&id| !self.hidden[id]).take(50);
            let lines = (0..self.blocks.len())
                .filter(|&at| holder <= self.blocks[at].first && self.blocks[at].first < end);
            seen.extend(
                shown
                    .filter_map(|&id| self.time(place, id, order))
                    .chain(lines.flat_map(|at| self.line(place, at, order)))
                    .find(is_published),
            );
        }
        seen
    }

    /// The date that opens the first paragraph, as `BERN, 5 January 2026 – The council …`.
    pub(crate) fn opening(&self, place: Place, order: Option<Order>) -> Option<Moment> {
        const OPENING: usize = 80;
        let block = self
            .blocks
            .iter()
            .find(|block| block.first == place.start)?;
        let text = &block.text[..block.text.floor_char_boundary(OPENING)];
        let found = written::find(text, order).next()?;
        let before = &text[..found.start];
        let after = text[found.end..].trim_start_matches([' ', ')', ',', '.', ':']);
        let is_set_off = text[found.end..].starts_with(['.', ':', ')'])
            || after.starts_with(['-', '–', '—', '/', '|', '(']);
        (is_set_off && before.split_whitespace().count() <= 4).then_some(Moment::Day(found.day))
    }

    /// The dated lines and `<time>` elements from `from` to `to`.
    fn between(
        &self,
        place: Place,
        (from, to): (Id, Id),
        order: &dyn Fn() -> Option<Order>,
    ) -> Vec<Seen> {
        let mut seen = Vec::new();
        let times = &self.places.times;
        let first = times.partition_point(|&id| id <= from);
        for &id in times[first..].iter().take_while(|&&id| id <= to) {
            if !self.hidden[id] {
                seen.extend(self.time(place, id, order));
            }
        }
        let first = self.blocks.partition_point(|block| block.first < from);
        for (at, block) in self.blocks.iter().enumerate().skip(first) {
            if block.first > to {
                break;
            }
            // The text's own first block has `opening`.
            if block.weight < SHORT && block.first != place.start {
                seen.extend(self.line(place, at, order));
            }
        }
        seen
    }

    /// What a `<time>` says.
    fn time(&self, place: Place, id: Id, order: &dyn Fn() -> Option<Order>) -> Option<Seen> {
        let moment = self.stated_at(id, order)?;
        let names = ["class", "itemprop", "pubdate"]
            .iter()
            .filter_map(|name| self.tree.attr(id, name));
        let mut label = Label::None;
        for name in names {
            let name = name.to_ascii_lowercase();
            if name.contains("publish") || name.contains("pubdate") || name.contains("entry-date") {
                label = Label::Published;
            } else if label == Label::None
                && (name.contains("updated") || name.contains("modified"))
            {
                label = Label::Updated;
            }
        }
        if self.tree.attr(id, "pubdate").is_some() {
            label = Label::Published;
        }
        if label == Label::None {
            label = self.label_before(id);
        }
        let foreign = self.is_foreign(place, id, label);
        (!foreign).then_some(Seen {
            moment,
            label,
            is_time: true,
        })
    }

    /// What stands before an element in its own block, or in the block before.
    fn label_before(&self, id: Id) -> Label {
        let at = self.blocks.partition_point(|block| block.first <= id);
        let inner = self
            .blocks
            .get(at)
            .filter(|block| block.first < self.tree.node(id).end);
        // The element begins the block at `at`, or stands inside the one before it.
        if inner.is_some() {
            return self.label_of_previous(at);
        }
        let Some(block) = at.checked_sub(1).map(|at| &self.blocks[at]) else {
            return Label::None;
        };
        let before = self.tree.texts(block.first, id, 60);
        let end = before.trim_end();
        match labels::last(end) {
            Label::None if end.is_empty() => self.label_of_previous(at - 1),
            label => label,
        }
    }

    /// What a block says that is only a label for the one at `at`.
    fn label_of_previous(&self, at: usize) -> Label {
        const BESIDE: usize = 12;
        let Some(before) = at.checked_sub(1) else {
            return Label::None;
        };
        let (label, block) = (&self.blocks[before], &self.blocks[at]);
        let is_label = label.weight <= 24
            && block.first - label.last <= BESIDE
            && !written::may_hold_date(&label.text);
        if !is_label {
            return Label::None;
        }
        if label.text.ends_with([':', '：']) {
            labels::last(&label.text)
        } else if label.text.split_whitespace().count() <= 3 {
            labels::leading(&label.text)
        } else {
            Label::None
        }
    }

    /// The dates of a short line.
    fn line(&self, place: Place, at: usize, order: &dyn Fn() -> Option<Order>) -> Vec<Seen> {
        let block: &Raw = &self.blocks[at];
        // `This entry was posted on … and filed under …` may be longer.
        let most = if block.first > place.last {
            LONG
        } else {
            SHORT
        };
        if block.weight >= most || !written::may_hold_date(&block.text) {
            return Vec::new();
        }
        let text = &block.text;
        let mut found: Vec<_> = written::find(text, None).collect();
        if found.is_empty() && written::needs_order(text) {
            found =
                order().map_or_else(Vec::new, |order| written::find(text, Some(order)).collect());
        }
        if found.is_empty() {
            return Vec::new();
        }
        let mut seen = Vec::with_capacity(found.len());
        let mut before = 0;
        for (index, date) in found.iter().enumerate() {
            let mut label = labels::last(&text[before..date.start]);
            if label == Label::None && text[before..date.start].trim().is_empty() && index == 0 {
                label = self.label_of_previous(at);
            }
            if label == Label::None && index + 1 == found.len() {
                label = labels::first(&text[date.end..]);
            }
            before = date.end;
            // A sentence or a heading tells of a day; a line that gives the article's
            // holds little else.
            let rest = block
                .weight
                .saturating_sub(blocks::weight(&text[date.start..date.end]));
            let told = label == Label::None
                && (block.weight >= SHORT
                    || (rest >= 30 && blocks::ends_sentence(text))
                    || (rest >= 8 && date.start > 0 && block.kind == BlockKind::Heading));
            if told || self.is_foreign(place, block.first, label) {
                continue;
            }
            seen.extend(
                self.believe(Some(Moment::Day(date.day)))
                    .map(|moment| Seen {
                        moment,
                        label,
                        is_time: false,
                    }),
            );
        }
        seen
    }

    /// Whether a place belongs to a comment or to a teaser and not to the article. What
    /// is called the publication, or stands right under the headline, may be in an
    /// element that is called a teaser, but not in a list of other articles.
    fn is_foreign(&self, place: Place, id: Id, label: Label) -> bool {
        // `comment-date` may be a date beside the count of comments.
        const OUTER: usize = 2;
        let is_told = label == Label::Published || (place.headline < id && id <= place.start);
        let is_foreign = |depth: usize, name: &str| {
            name.len() < 300
                && ((depth > OUTER && labels::is_comment(name))
                    || labels::is_list(name)
                    || (!is_told && depth > OUTER && labels::is_teaser(name)))
        };
        let holders = std::iter::once(id).chain(self.tree.ancestors(id));
        for (depth, holder) in holders.take(12).enumerate() {
            let node = self.tree.node(holder);
            let holds = |inner: Id| holder <= inner && inner < node.end;
            if holder != id && (holds(place.start) || holds(place.headline)) {
                return false;
            }
            if holder != id && matches!(self.tree.name(holder), "article" | "nav") {
                return true;
            }
            let mut names = ["class", "id"]
                .iter()
                .filter_map(|name| self.tree.attr(holder, name));
            if names.any(|name| is_foreign(depth, name)) {
                return true;
            }
        }
        false
    }

    /// Whether a block's holder is named after a date.
    fn is_date_name(&self, holder: Id) -> bool {
        std::iter::once(holder)
            .chain(self.tree.ancestors(holder).take(1))
            .any(|id| {
                ["class", "id"]
                    .iter()
                    .filter_map(|name| self.tree.attr(id, name))
                    .any(|name| name.len() < 300 && labels::is_date(name))
            })
    }
}
