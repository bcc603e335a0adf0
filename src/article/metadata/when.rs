//! When an article was published and changed: which of the page's statements holds.
//!
//! In order of trust: JSON-LD, `<meta>`, microdata, `<time>` near the headline, a
//! date in the lines around the headline, the address. A date after the page was
//! retrieved is no publication date. Nothing is invented.

use jiff::{Timestamp, ToSpan};
use url::Url;

use super::{dates, head::Head, structured::Structured};
use crate::article::{
    Moment,
    content::{Content, is_prose},
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

/// When it was published.
pub(crate) fn published(page: &Where<'_, '_>) -> Option<Moment> {
    let stated = page
        .structured
        .published
        .as_deref()
        .into_iter()
        .chain(page.head.metas_of(PUBLISHED))
        .find_map(|text| page.believe(dates::parse(text)));
    stated
        .or_else(|| page.microdata("datePublished"))
        .or_else(|| page.time_element())
        .or_else(|| page.dated_line())
        .or_else(|| {
            page.believe(
                page.url
                    .and_then(|url| dates::in_path(url.path()))
                    .map(Moment::Day),
            )
        })
}

/// When it was last changed; only what comes after the publication counts.
pub(crate) fn modified(page: &Where<'_, '_>, published: Option<Moment>) -> Option<Moment> {
    page.structured
        .modified
        .as_deref()
        .into_iter()
        .chain(page.head.metas_of(MODIFIED))
        .find_map(|text| page.believe(dates::parse(text)))
        .or_else(|| page.microdata("dateModified"))
        .filter(|modified| published.is_none_or(|published| published.date() <= modified.date()))
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
    /// Its head.
    pub(crate) head: &'p Head,
    /// Its JSON-LD.
    pub(crate) structured: &'p Structured,
    /// Its address, or its canonical one.
    pub(crate) url: Option<&'p Url>,
    /// When it was received.
    pub(crate) retrieved: Timestamp,
}

impl Where<'_, '_> {
    /// Only what does not lie in the future; clocks and zones differ by a day.
    fn believe(&self, moment: Option<Moment>) -> Option<Moment> {
        let latest = self
            .retrieved
            .checked_add(36.hours())
            .unwrap_or(self.retrieved);
        moment.filter(|moment| moment.timestamp() <= latest)
    }

    fn microdata(&self, property: &str) -> Option<Moment> {
        (0..self.tree.len())
            .filter(|&id| {
                self.tree
                    .attr(id, "itemprop")
                    .is_some_and(|value| value.split_ascii_whitespace().any(|p| p == property))
            })
            .find_map(|id| self.stated_at(id))
    }

    /// The date of an element: its attribute for machines, else its text.
    fn stated_at(&self, id: Id) -> Option<Moment> {
        let stated = ["datetime", "content", "title"]
            .iter()
            .find_map(|name| dates::parse(self.tree.attr(id, name)?));
        self.believe(stated.or_else(|| {
            (self.tree.name(id) != "meta" && !self.hidden[id])
                .then(|| self.tree.raw_text(id))
                .filter(|text| text.len() < 150)
                .and_then(|text| dates::parse(&text))
        }))
    }

    /// The first block of the article's text.
    fn text_start(&self) -> Id {
        self.content
            .blocks
            .iter()
            .find(|block| is_prose(block))
            .map_or(0, |block| block.first)
    }

    /// The headline's place, or the text's where there is none.
    fn headline(&self) -> Id {
        let start = self.text_start();
        self.tree
            .all("h1")
            .filter(|&id| id <= start && !self.hidden[id])
            .last()
            .unwrap_or(start)
    }

    /// A `<time>` that dates the article: the one nearest to the headline, not one of
    /// a teaser elsewhere on the page.
    fn time_element(&self) -> Option<Moment> {
        let (headline, start) = (self.headline(), self.text_start());
        let times: Vec<Id> = self
            .tree
            .all("time")
            .filter(|&id| !self.hidden[id])
            .collect();
        let marked = times
            .iter()
            .copied()
            .filter(|&id| self.tree.attr(id, "pubdate").is_some());
        let between = times
            .iter()
            .copied()
            .filter(|&id| headline < id && id <= start);
        let holder = self.content.container;
        let inside = times
            .iter()
            .copied()
            .filter(|&id| holder <= id && id < self.tree.node(holder).end && id < start);
        let before = times
            .iter()
            .rev()
            .copied()
            .filter(|&id| id < headline && headline - id < 60);
        let single = times.iter().copied().filter(|_| times.len() == 1);
        marked
            .chain(between)
            .chain(inside)
            .chain(before)
            .chain(single)
            .find_map(|id| self.stated_at(id))
    }

    /// A date written in a short line near the headline, or in an element whose name
    /// says that it holds the date.
    fn dated_line(&self) -> Option<Moment> {
        let (headline, start) = (self.headline(), self.text_start());
        let short = |block: &&Raw| block.weight < 110;
        let near = self
            .blocks
            .iter()
            .filter(|block| block.first >= headline && block.first <= start)
            .filter(short);
        let named = self
            .blocks
            .iter()
            .filter(|block| self.is_date_name(block.holder))
            .filter(short);
        let before = self
            .blocks
            .iter()
            .rev()
            .filter(|block| block.first < headline && headline - block.first < 60)
            .filter(short);
        let last = self
            .content
            .blocks
            .last()
            .map_or(start, |block| block.first);
        let after = self
            .blocks
            .iter()
            .filter(|block| block.first > last)
            .take(4)
            .filter(short);
        near.chain(named)
            .chain(before)
            .chain(after)
            .find_map(|block| self.believe(dates::find(&block.text).map(Moment::Day)))
            .or_else(|| {
                // A dateline opens the first paragraph.
                let opening: String = self
                    .blocks
                    .iter()
                    .find(|block| block.first == start)?
                    .text
                    .chars()
                    .take(60)
                    .collect();
                self.believe(dates::find(&opening).map(Moment::Day))
            })
    }

    fn is_date_name(&self, holder: Id) -> bool {
        std::iter::once(holder)
            .chain(self.tree.ancestors(holder).take(1))
            .any(|id| {
                ["class", "id"]
                    .iter()
                    .filter_map(|name| self.tree.attr(id, name))
                    .any(|names| {
                        let names = names.to_lowercase();
                        [
                            "date",
                            "datum",
                            "fecha",
                            "published",
                            "pubdate",
                            "timestamp",
                            "posted",
                        ]
                        .iter()
                        .any(|word| names.contains(word))
                            && !names.contains("update")
                    })
            })
    }
}
