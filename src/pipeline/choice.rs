//! Which entries and articles of a feed are wanted, and in which order.

use std::{collections::HashMap, ops::Range};

use url::Url;

use super::wanted::Wanted;
use crate::{article::Article, feed::Entry, settings::FeedSettings, text::word_count};

/// Why an entry is not wanted: the named reason and the reason in words.
pub(super) fn unwanted_entry(entry: &Entry, feed: &FeedSettings) -> Option<(&'static str, String)> {
    let texts = || entry.title.iter().chain(&entry.summary);
    let fits = |pattern: &&crate::settings::Pattern| texts().any(|text| pattern.is_in(text));
    if let Some(pattern) = feed.exclude.iter().find(fits) {
        return Some(("excluded", format!("`exclude` of its feed has `{pattern}`")));
    }
    if !feed.include.is_empty() && !feed.include.iter().any(|pattern| fits(&pattern)) {
        let message = "nothing of what `include` of its feed asks for".to_owned();
        return Some(("not_included", message));
    }
    None
}

/// Why an article is not wanted: the named reason and the reason in words.
pub(super) fn unwanted_article(
    article: &Article,
    feed: &FeedSettings,
) -> Option<(&'static str, String)> {
    if let Some(least) = feed.min_words {
        let words = word_count(&article.text);
        if words < least {
            let message = format!("{words} words, and `min_words` of its feed is {least}");
            return Some(("too_short", message));
        }
    }
    let language = article.language.as_deref().unwrap_or("und");
    let speaks = |wanted: &String| {
        let (wanted, language) = (wanted.to_ascii_lowercase(), language.to_ascii_lowercase());
        language
            .strip_prefix(&wanted)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if !feed.languages.is_empty() && !feed.languages.iter().any(speaks) {
        let message = format!("in `{language}`, which `languages` of its feed does not have");
        return Some(("language", message));
    }
    None
}

/// Feeds in turn: the newest of each, then the next of each; the feed with the newest entry
/// first. `wanted` has the entries of each feed together, the newest first.
pub(super) fn in_turn(wanted: Vec<Wanted>) -> Vec<Wanted> {
    let mut feeds: Vec<Range<usize>> = Vec::new();
    for (at, one) in wanted.iter().enumerate() {
        match feeds.last_mut() {
            Some(feed) if wanted[feed.start].feed.name == one.feed.name => feed.end = at + 1,
            _ => feeds.push(at..at + 1),
        }
    }
    feeds.sort_by(|a, b| {
        let (a, b) = (&wanted[a.start], &wanted[b.start]);
        let by_time = b.published.cmp(&a.published);
        by_time.then_with(|| a.feed.name.cmp(&b.feed.name))
    });
    let mut ordered = Vec::with_capacity(wanted.len());
    let mut wanted: Vec<Option<Wanted>> = wanted.into_iter().map(Some).collect();
    while !feeds.is_empty() {
        for feed in &mut feeds {
            ordered.extend(feed.next().and_then(|at| wanted[at].take()));
        }
        feeds.retain(|feed| !feed.is_empty());
    }
    ordered
}

/// Takes out what is beyond the limits of the feeds, which waits for the next run.
pub(super) fn beyond_limits(wanted: &mut Vec<Wanted>) -> Vec<Wanted> {
    let mut taken: HashMap<Url, usize> = HashMap::new();
    let beyond = wanted.extract_if(.., |one| {
        let feed = &one.feed.settings;
        feed.limit.is_some_and(|most| {
            let taken = taken.entry(feed.url.clone()).or_default();
            *taken += 1;
            *taken > most
        })
    });
    beyond.collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::{pipeline::wanted::NamedFeed, store::Job};

    fn feed(name: &str, limit: Option<usize>) -> Arc<NamedFeed> {
        let url = format!("http://{name}.example/").parse().unwrap();
        Arc::new(NamedFeed::new(FeedSettings {
            limit,
            ..FeedSettings::everything(url)
        }))
    }

    fn wanted(feed: &Arc<NamedFeed>, entry: &str, second: Option<i64>) -> Wanted {
        let job = Job {
            published: second.map(|second| Timestamp::from_second(second).unwrap()),
            ..Job::found(&feed.name, entry, Timestamp::UNIX_EPOCH)
        };
        Wanted::left_open(&job, Arc::clone(feed))
    }

    fn names(wanted: &[Wanted]) -> Vec<&str> {
        wanted.iter().map(|one| &*one.entry).collect()
    }

    #[test]
    fn feeds_come_in_turn_and_the_one_with_the_newest_entry_first() {
        let (a, b, c) = (feed("a", Some(2)), feed("b", None), feed("c", None));
        let mut ordered = in_turn(vec![
            wanted(&a, "a1", Some(10)),
            wanted(&a, "a2", Some(9)),
            wanted(&a, "a3", Some(8)),
            wanted(&c, "c1", None),
            wanted(&b, "b1", Some(20)),
            wanted(&b, "b2", Some(1)),
        ]);
        assert_eq!(names(&ordered), ["b1", "a1", "c1", "b2", "a2", "a3"]);
        let later = beyond_limits(&mut ordered);
        assert_eq!(names(&ordered), ["b1", "a1", "c1", "b2", "a2"]);
        assert_eq!(names(&later), ["a3"]);
    }

    #[test]
    fn an_entry_must_have_what_is_included_and_nothing_that_is_excluded() {
        let mut feed: FeedSettings = toml::from_str(
            "url = \"http://a.example/f\"\ninclude = [\"pier\", \"/^Vote/\"]\nexclude = [\"live blog\"]",
        )
        .unwrap();
        let entry = |title: &str, summary: &str| Entry {
            id: "1".to_owned(),
            title: Some(title.to_owned()),
            url: None,
            published: None,
            updated: None,
            authors: Vec::new(),
            summary: Some(summary.to_owned()),
        };
        let reason = |title, summary, feed: &FeedSettings| {
            unwanted_entry(&entry(title, summary), feed).map(|(reason, _)| reason)
        };
        assert_eq!(reason("The pier closes", "", &feed), None);
        assert_eq!(reason("News", "Of the Pier.", &feed), None);
        assert_eq!(reason("Vote today", "", &feed), None);
        assert_eq!(reason("A vote", "", &feed), Some("not_included"));
        assert_eq!(reason("The pier", "A live blog", &feed), Some("excluded"));
        feed.include.clear();
        assert_eq!(reason("A vote", "", &feed), None);
    }
}
