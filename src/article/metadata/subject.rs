//! What an article is about in the outlet's own words: its section and its tags.
//!
//! Only what the outlet states is taken, in its own spelling; nothing is derived from
//! the text. Lists of words for search engines (`keywords`) count only where they look
//! like tags.

use crate::article::metadata::{
    head::{Head, plain_text},
    places::Places,
    structured::Structured,
    when::labels,
};
use crate::article::{
    Origin,
    content::words::plain,
    page::dom::{Id, Tree},
};

/// The longest name of a section or a tag, in characters.
const MAX_NAME: usize = 80;
/// The most tags; honest pages with more fill them for search engines.
const MAX_TAGS: usize = 30;
/// The most words of `keywords` that still are tags.
const FEW: usize = 12;

/// Where section and tags stand.
pub(crate) struct Subject<'p, 'a> {
    /// The page.
    pub(crate) tree: &'p Tree<'a>,
    /// Its hidden nodes.
    pub(crate) hidden: &'p [bool],
    /// Where its links and breadcrumbs are.
    pub(crate) places: &'p Places,
    /// Its head.
    pub(crate) head: &'p Head,
    /// Its JSON-LD.
    pub(crate) structured: &'p Structured,
    /// The element that holds its text.
    pub(crate) container: Id,
    /// Its headline, which ends many breadcrumbs.
    pub(crate) title: Option<&'p str>,
    /// Its outlet, which begins many.
    pub(crate) outlet: Option<&'p str>,
}

impl Subject<'_, '_> {
    /// The section.
    pub(crate) fn section(&self) -> Option<(String, Origin)> {
        const SECTION: &[&str] = &[
            "article:section",
            "og:article:section",
            "parsely-section",
            "section",
            "cxenseparse:category",
            "articlesection",
        ];
        // A list begins with the first section.
        let head = |text: &str| {
            let is_list = !text.contains(['&', ';']) && !text.contains(" and ");
            text.split(',')
                .next()
                .filter(|first| is_list && !first.trim().is_empty())
                .unwrap_or(text)
                .to_owned()
        };
        let one =
            |text: &str| plain_text(&head(text), MAX_NAME).filter(|name| self.is_section(name));
        let first = |mut texts: &mut dyn Iterator<Item = String>, origin| {
            Iterator::find_map(&mut texts, |text| one(&text)).map(|name| (name, origin))
        };
        let mut metas = self.head.metas_of(SECTION).map(str::to_owned);
        let mut json = self.structured.section.iter().cloned();
        let mut microdata = self.places.sections.iter().filter_map(|&id| self.text(id));
        let mut steps = self.structured.crumbs.iter().rev().cloned();
        let mut categories = self
            .places
            .tags
            .iter()
            .filter(|&&id| self.is_category(id) && self.is_of_article(id))
            .filter_map(|&id| self.text(id));
        first(&mut metas, Origin::Meta)
            .or_else(|| first(&mut json, Origin::JsonLd))
            .or_else(|| first(&mut microdata, Origin::Microdata))
            .or_else(|| first(&mut steps, Origin::JsonLd))
            .or_else(|| first(&mut categories, Origin::Attribute))
            .or_else(|| first(&mut self.crumbs().into_iter().rev(), Origin::Visible))
    }

    /// The tags, from the first source that has any.
    pub(crate) fn tags(&self) -> (Vec<String>, Option<Origin>) {
        let links = || {
            let links = self.places.tags.iter();
            let of_article = links.filter(|&&id| !self.is_category(id) && self.is_of_article(id));
            of_article.filter_map(|&id| self.text(id)).collect()
        };
        let metas = |names: &'static [&'static str]| {
            let values = self.head.metas_of(names);
            values.flat_map(split).map(str::to_owned).collect()
        };
        let sources: [(Source<'_>, Origin, usize); 5] = [
            (
                &|| metas(&["article:tag", "og:article:tag", "parsely-tags"]),
                Origin::Meta,
                usize::MAX,
            ),
            (&links, Origin::Attribute, usize::MAX),
            (&|| metas(&["news_keywords"]), Origin::Meta, usize::MAX),
            (
                &|| self.structured.keywords.clone(),
                Origin::JsonLd,
                usize::MAX,
            ),
            (&|| metas(&["keywords"]), Origin::Meta, FEW),
        ];
        sources
            .into_iter()
            .find_map(|(read, origin, most)| {
                let tags = self.tidy(read());
                (!tags.is_empty() && tags.len() <= most).then_some((tags, Some(origin)))
            })
            .unwrap_or_default()
    }

    /// Cleaned tags, each once.
    fn tidy(&self, raw: Vec<String>) -> Vec<String> {
        const WORDS: usize = 6;
        let mut tags: Vec<String> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for text in raw {
            let Some(tag) = plain_text(&text, MAX_NAME) else {
                continue;
            };
            let tag = tag.trim_matches(['#', '"', '„', '“', '”', ' ']);
            let key = plain(tag);
            let usable = !key.is_empty()
                && tag.split_whitespace().count() <= WORDS
                && tag.chars().count() < MAX_NAME
                && !tag.contains([':', '=', '/', '{'])
                && !self.is_title(&key)
                && !known.contains(&key);
            if usable {
                tags.push(tag.to_owned());
                known.push(key);
                if tags.len() == MAX_TAGS {
                    break;
                }
            }
        }
        tags
    }

    /// Whether a name can be that of a section.
    fn is_section(&self, name: &str) -> bool {
        const FRONT: [&str; 14] = [
            "accueil",
            "article",
            "articles",
            "forside",
            "front",
            "home",
            "homepage",
            "inicio",
            "portada",
            "start",
            "startseite",
            "strona główna",
            "uncategorized",
            "главная",
        ];
        let key = plain(name);
        !key.is_empty()
            && name.chars().count() < MAX_NAME
            && !FRONT.contains(&key.as_str())
            && !self.is_title(&key)
            && self.outlet.is_none_or(|outlet| plain(outlet) != key)
            && !name.contains("://")
            && name.chars().any(char::is_alphabetic)
    }

    /// Whether `key` is the headline, or its beginning where a breadcrumb cuts it.
    fn is_title(&self, key: &str) -> bool {
        self.title.is_some_and(|title| {
            let title = plain(title);
            title == key || (key.len() > 20 && (title.starts_with(key) || key.starts_with(&title)))
        })
    }

    /// The visible steps of the first breadcrumb that has any.
    fn crumbs(&self) -> Vec<String> {
        const MOST: usize = 400;
        let visible = self.places.crumbs.iter().filter(|&&id| !self.hidden[id]);
        for &holder in visible.take(4) {
            let end = self.tree.node(holder).end.min(holder + MOST);
            let steps: Vec<String> = (holder..end)
                .filter(|&id| self.tree.name(id) == "a")
                .filter_map(|id| self.text(id))
                .collect();
            if !steps.is_empty() {
                return steps;
            }
        }
        Vec::new()
    }

    /// The visible text of a short element.
    fn text(&self, id: Id) -> Option<String> {
        if let Some(content) = self.tree.attr(id, "content") {
            return Some(content.to_owned());
        }
        if self.hidden[id] || self.tree.node(id).end - id > 30 {
            return None;
        }
        Some(self.tree.raw_text(id).into_owned())
    }

    fn is_category(&self, id: Id) -> bool {
        self.tree
            .attr(id, "rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "category"))
    }

    /// Whether a link of the kind that lists share is the article's own.
    fn is_of_article(&self, id: Id) -> bool {
        let holders = self.tree.ancestors(id).take(10);
        // What holds the text too is no place beside it.
        let beside = |holder: &Id| {
            !(*holder <= self.container && self.container < self.tree.node(*holder).end)
        };
        !holders.take_while(beside).any(|holder| {
            matches!(self.tree.name(holder), "nav" | "footer" if self.tree.node(holder).end - holder > 400)
                || ["class", "id"].iter().any(|name| {
                    self.tree
                        .attr(holder, name)
                        .is_some_and(|names| names.len() < 300 && labels::is_elsewhere(names))
                })
        })
    }
}

/// Reads the tags of one source.
type Source<'s> = &'s dyn Fn() -> Vec<String>;

/// The single tags of a list in one text.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let separator = [';', '|', '、', '،']
        .into_iter()
        .find(|&c| text.contains(c) && !text.contains(','))
        .unwrap_or(',');
    text.split(separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::page::{dom, visible};

    fn read(page: &str) -> (Option<String>, Vec<String>) {
        let html = dom::parse(page);
        let tree = Tree::new(&html);
        let hidden = visible::hidden(&tree);
        let subject = Subject {
            tree: &tree,
            hidden: &hidden,
            places: &Places::of(&tree),
            head: &Head::of(&tree),
            structured: &Structured::of(&tree, &[]),
            container: tree.len(),
            title: Some("The tide turns"),
            outlet: Some("Harbour Post"),
        };
        (subject.section().map(|(name, _)| name), subject.tags().0)
    }

    #[test]
    fn sections_and_tags_are_the_outlets_own() {
        for (page, section, tags) in [
            (
                "<meta property=article:section content=Politics>",
                Some("Politics"),
                &[][..],
            ),
            (
                "<meta property=article:tag content=Ports><meta property=article:tag content=' ports '><meta property=article:tag content='#Tide'>",
                None,
                &["Ports", "Tide"],
            ),
            (
                "<meta name=keywords content='tide, harbour ,ferries'>",
                None,
                &["tide", "harbour", "ferries"],
            ),
            (
                "<meta name=keywords content='a1,b1,c1,d1,e1,f1,g1,h1,i1,j1,k1,l1,m1,n1'>",
                None,
                &[],
            ),
            (
                "<nav class=breadcrumb><a>Home</a> <a>Region</a> <a>The tide turns</a></nav>",
                Some("Region"),
                &[],
            ),
            (
                "<script type=application/ld+json>{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"name\":\"Harbour Post\"},{\"item\":{\"name\":\"Economy\"}},{\"name\":\"The tide turns\"}]}</script>",
                Some("Economy"),
                &[],
            ),
            (
                "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"keywords\":[\"Ports\",\"channel: web\"],\"articleSection\":[\"World\",\"Sea\"]}</script>",
                Some("World"),
                &["Ports"],
            ),
            (
                "<article><a rel='category tag'>Weather</a> <a rel=tag>Tide\u{200B}</a></article><div class=widget-cloud><a rel=tag>Else</a></div>",
                Some("Weather"),
                &["Tide"],
            ),
        ] {
            let (found, found_tags) = read(page);
            assert_eq!(found.as_deref(), section, "{page}");
            assert_eq!(found_tags, tags, "{page}");
        }
    }
}
