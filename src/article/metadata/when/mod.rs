//! When an article was published and changed: which of the page's statements holds.
//!
//! In order of trust: JSON-LD, `<meta>`, microdata, what a reader sees around the
//! headline, elsewhere in the article and under it, the address. What the reader sees
//! and the address are witnesses against the statements for machines. A date after the
//! page was retrieved, a date of a change and the date of a page that is not called an
//! article are no publication date: it is unknown then, and nothing is invented.

pub(crate) mod dateline;
pub(crate) mod dates;
pub(crate) mod labels;
pub(crate) mod months;
pub(crate) mod written;

use std::cell::OnceCell;

use jiff::{Timestamp, ToSpan, tz::Offset};
use url::Url;

use crate::article::metadata::{
    head::Head, places::Places, structured::Structured, when::dateline::Seen, when::labels::Label,
    when::written::Order,
};
use crate::article::{
    Moment, Origin,
    content::Content,
    page::{
        blocks::Raw,
        dom::{Id, Tree},
    },
};

/// `<meta>` names of the first publication, most specific first.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date_published",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "article:published",
    "og:published_time",
    "publication_date",
    "publicationdate",
    "publish_date",
    "publish-date",
    "publishdate",
    "published-date",
    "pubdate",
    "pub_date",
    "originalpublicationdate",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "dc.terms.date",
    "citation_publication_date",
    "citation_date",
    "rnews:datepublished",
    "article_date_original",
    "displaydate",
    "datecreated",
    "created",
    "bt:pubdate",
    "ptime",
    "published",
    "article:publish_date",
    "article:published_date",
    "article:publication_date",
    "article.created",
    "dateposted",
    "dcterms.available",
    "firstpublished",
    "og:publish_date",
    "og:pubdate",
    "og:release_date",
    "pub-date",
    "publishtime",
    "publish_time",
    "pubtime",
    "release_date",
    "date",
    "article:post_date",
    "shareaholic:article_published_time",
    "article:create_at",
];

/// `<meta>` names of the last change.
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dc.date.modified",
    "dcterms.modified",
    "revised",
    "article.updated",
    "date.updated",
    "modified",
];

/// A date and where it was read.
type Read = (Moment, Origin);

/// When an article was published and changed.
pub(crate) struct Dates {
    /// First published.
    pub(crate) published: Option<Read>,
    /// Last changed; never before the publication.
    pub(crate) modified: Option<Read>,
}

/// The dates of the page's article.
pub(crate) fn dates(page: &Where<'_, '_>) -> Dates {
    let known = OnceCell::new();
    let order = || *known.get_or_init(|| page.order());
    let near = page.near(page.place(), &order);
    let modified = modified(page, &near);
    // The front of a site was never published.
    let published = if page.is_front {
        None
    } else {
        published(page, &near, modified, &order)
    };
    Dates {
        published,
        modified: modified.filter(|(modified, _)| {
            published.is_none_or(|(published, _)| published.date() <= modified.date())
        }),
    }
}

/// When it was published.
fn published(
    page: &Where<'_, '_>,
    near: &[Seen],
    modified: Option<Read>,
    order: &dyn Fn() -> Option<Order>,
) -> Option<Read> {
    let stated = page.stated(order);
    let place = page.place();
    let address = page.believe(
        page.url
            .and_then(|url| dates::in_path(url.path()))
            .map(Moment::Day),
    );
    if let Some(&first) = stated.first() {
        // The same instant by the outlet's own clock says more than by that of Greenwich.
        let is_local = |(moment, _): &&Read| {
            matches!(moment, Moment::Time(_, offset) if *offset != Offset::UTC)
                && moment.timestamp() == first.0.timestamp()
        };
        let first = stated.iter().find(is_local).copied().unwrap_or(first);
        // What is stated as the change is no witness for the publication.
        let change = modified.map(|(moment, _)| moment.date());
        let seen =
            reader_date(near).filter(|seen| Some(seen.moment.date()) != change && !is_list(near));
        let witnesses = seen
            .map(|seen| (seen.moment, origin(seen)))
            .into_iter()
            .chain(address.map(|moment| (moment, Origin::Address)));
        return Some(agree(first, &stated, witnesses));
    }
    let far = page.far(place, order);
    // Timeless pages have a date in the same place, so that it needs a witness; but it
    // knows the time where the reader is told the day.
    let confirmed = page
        .structured
        .page_published
        .as_deref()
        .and_then(|text| page.believe(dates::parse(text, None)))
        .filter(|moment| {
            let seen = near.iter().chain(&far).map(|seen| seen.moment);
            seen.chain(address)
                .any(|witness| witness.date() == moment.date())
                || page
                    .url
                    .is_some_and(|url| dates::has_month(url.path(), moment.date()))
        });
    if let Some(moment) = confirmed {
        return Some((moment, Origin::JsonLd));
    }
    reader_date(near)
        .or_else(|| reader_date(&far))
        .map(|seen| (seen.moment, origin(seen)))
        .or_else(|| Some((address?, Origin::Address)))
        .or_else(|| {
            let opening = page.believe(page.opening(place, order()))?;
            Some((opening, Origin::Visible))
        })
}

/// The date of publication among those that a reader sees: one that is called so, else
/// the first that is not called anything.
fn reader_date(seen: &[Seen]) -> Option<Seen> {
    seen.iter()
        .find(|seen| seen.label == Label::Published)
        .or_else(|| seen.iter().find(|seen| seen.label == Label::None))
        .copied()
}

/// Whether the dates are those of a list of other articles: three different ones.
fn is_list(seen: &[Seen]) -> bool {
    let mut days: Vec<_> = seen
        .iter()
        .filter(|seen| seen.label == Label::None)
        .map(|seen| seen.moment.date())
        .collect();
    days.sort_unstable();
    days.dedup();
    days.len() > 2
}

fn origin(seen: Seen) -> Origin {
    if seen.is_time {
        Origin::Time
    } else {
        Origin::Visible
    }
}

/// The statement for machines, unless what a reader sees or the address names an
/// earlier day: a system that was moved or that saves again states its own day, and a
/// clock in UTC the day before or after. Another statement for machines that names the reader's
/// day is taken then, for its time.
fn agree(first: Read, stated: &[Read], witnesses: impl Iterator<Item = Read>) -> Read {
    for witness in witnesses {
        let day = witness.0.date();
        if day == first.0.date() {
            return first;
        }
        let same_day = stated.iter().find(|(moment, _)| moment.date() == day);
        if let Some(&same) = same_day {
            return same;
        }
        let is_next_day = matches!(first.0, Moment::Time(time, Offset::UTC)
            if time.hour() >= 10 && time.date().tomorrow().ok() == Some(day));
        if day < first.0.date() || is_next_day {
            return witness;
        }
    }
    first
}

/// When it was last changed.
fn modified(page: &Where<'_, '_>, near: &[Seen]) -> Option<Read> {
    let json = page.structured.modified.as_deref().into_iter();
    let metas = page.head.metas_of(MODIFIED);
    json.map(|text| (text, Origin::JsonLd))
        .chain(metas.map(|text| (text, Origin::Meta)))
        .find_map(|(text, origin)| Some((page.believe(dates::parse(text, None))?, origin)))
        .or_else(|| {
            let mut microdata = page.places.modified.iter();
            let moment = microdata.find_map(|&id| page.stated_at(id, &|| None))?;
            Some((moment, Origin::Microdata))
        })
        .or_else(|| {
            let seen = near.iter().find(|seen| seen.label == Label::Updated)?;
            Some((seen.moment, origin(*seen)))
        })
}

/// Reads a date; how the page writes them is asked only where it matters.
fn read(text: &str, order: &dyn Fn() -> Option<Order>) -> Option<Moment> {
    dates::parse(text, None).or_else(|| {
        written::needs_order(text)
            .then(|| dates::parse(text, order()))
            .flatten()
    })
}

/// Where the statements stand.
pub(crate) struct Where<'p, 'a> {
    /// The page.
    pub(crate) tree: &'p Tree<'a>,
    /// Its hidden nodes.
    pub(crate) hidden: &'p [bool],
    /// Its blocks.
    pub(crate) blocks: &'p [Raw],
    /// Its article.
    pub(crate) content: &'p Content,
    /// Where its dates may stand.
    pub(crate) places: &'p Places,
    /// Its head.
    pub(crate) head: &'p Head,
    /// Its JSON-LD.
    pub(crate) structured: &'p Structured,
    /// Its address, or its canonical one.
    pub(crate) url: Option<&'p Url>,
    /// Its headline.
    pub(crate) title: Option<&'p str>,
    /// The language that it declares.
    pub(crate) language: Option<&'p str>,
    /// Whether it is the front of its site.
    pub(crate) is_front: bool,
    /// When it was received.
    pub(crate) retrieved: Timestamp,
}

impl Where<'_, '_> {
    /// Only what does not lie in the future; clocks and zones differ by a day.
    pub(crate) fn believe(&self, moment: Option<Moment>) -> Option<Moment> {
        let latest = self
            .retrieved
            .checked_add(36.hours())
            .unwrap_or(self.retrieved);
        moment.filter(|moment| moment.timestamp() <= latest)
    }

    /// What the page states for machines, most trusted first.
    fn stated(&self, order: &dyn Fn() -> Option<Order>) -> Vec<Read> {
        let read = |text: &str| self.believe(read(text, order));
        let mut stated: Vec<Read> = Vec::new();
        let json = self.structured.published.iter();
        stated.extend(json.filter_map(|text| Some((read(text)?, Origin::JsonLd))));
        let metas = self.head.metas_of(PUBLISHED);
        stated.extend(metas.filter_map(|text| Some((read(text)?, Origin::Meta))));
        let microdata = self.places.published.iter();
        stated.extend(
            microdata.filter_map(|&id| Some((self.stated_at(id, order)?, Origin::Microdata))),
        );
        stated
    }

    /// The date of an element: its attribute for machines, else its text.
    pub(crate) fn stated_at(&self, id: Id, order: &dyn Fn() -> Option<Order>) -> Option<Moment> {
        let stated = ["datetime", "content", "title"]
            .iter()
            .find_map(|name| dates::parse(self.tree.attr(id, name)?, None));
        self.believe(stated.or_else(|| {
            (self.tree.name(id) != "meta" && !self.hidden[id])
                .then(|| self.tree.raw_text(id))
                .filter(|text| text.len() < 150)
                .and_then(|text| read(&text, order))
        }))
    }

    /// How the page writes dates in numbers: as another of its dates shows, else as
    /// its language and the country of its address do.
    fn order(&self) -> Option<Order> {
        let mut lines = self.blocks.iter().filter(|block| block.weight < 300);
        lines
            .find_map(|block| written::shown_order(&block.text))
            .or_else(|| {
                let language = self.language?;
                let mut parts = language.split(['-', '_']);
                if !parts.next()?.eq_ignore_ascii_case("en") {
                    return Some(Order::DayFirst);
                }
                let country = parts.next().map(str::to_ascii_lowercase).or_else(|| {
                    let host = self.url?.host_str()?;
                    host.rsplit('.').next().map(str::to_ascii_lowercase)
                });
                Some(match country.as_deref() {
                    Some(country)
                        if country.len() == 2 && !matches!(country, "us" | "io" | "co" | "ai") =>
                    {
                        Order::DayFirst
                    }
                    _ => Order::MonthFirst,
                })
            })
    }
}
