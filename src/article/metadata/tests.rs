//! Small pages and the day on which each was published: one case for each place that a
//! date is read from, or must not be.

use crate::{
    article::{Origin, extract},
    fetch::Page,
};

const TEXT: &str = "<p>The council of the harbour town has voted for a new bridge over the river, after years of debate.</p><p>Work on it starts in spring and will take two years, the mayor said after the vote in the town hall.</p>";

/// The day of publication of a page with `head`, with `around` for its body.
fn read(url: &str, head: &str, around: &str) -> (Option<String>, Option<Origin>) {
    let body = around.replace("TEXT", TEXT);
    let page = Page {
        url: Some(url.parse().unwrap()),
        status: 200,
        content_type: None,
        body: format!("<html lang=en><head>{head}</head><body>{body}</body>").into(),
        retrieved: "2026-03-01T12:00:00Z".parse().unwrap(),
    };
    let article = extract(&page).article;
    assert!(article.origins.published.is_some() == article.published.is_some());
    let published = article.published.map(|moment| moment.to_string());
    (published, article.origins.published)
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
#[test]
fn the_day_of_publication_is_found_where_it_stands() {
    use Origin::{Address, JsonLd, Meta, Microdata, Time, Visible};
    let article = |dates: &str| {
        format!("<script type=application/ld+json>{{\"@type\":\"NewsArticle\",{dates}}}</script>")
    };
    let page = "<script type=application/ld+json>{\"@type\":\"WebPage\",\"datePublished\":\"2026-01-05T09:00:00Z\"}</script>";
    let meta = "<meta property=article:published_time content=2026-01-05T02:30:00Z>";
    let plain = "<main><h1>New bridge</h1>TEXT</main>";
    for (what, url, head, body, expected) in [
        (
            "JSON-LD",
            "/a",
            &*article(r#""datePublished":"2026-01-05T09:00:00+01:00""#),
            plain,
            Some(("2026-01-05T09:00:00+01:00", JsonLd)),
        ),
        (
            "a change is no publication",
            "/a",
            &article(r#""dateModified":"2026-01-05""#),
            plain,
            None,
        ),
        (
            "meta",
            "/a",
            meta,
            plain,
            Some(("2026-01-05T02:30:00Z", Meta)),
        ),
        (
            "the reader's day against UTC",
            "/a",
            meta,
            "<main><h1>New bridge</h1><p>Jan 4, 2026, 9:30 pm</p>TEXT</main>",
            Some(("2026-01-04", Visible)),
        ),
        (
            "the address against UTC",
            "/2026/01/04/bridge",
            meta,
            plain,
            Some(("2026-01-04", Address)),
        ),
        (
            "a clock in UTC is behind",
            "/2026/01/06/bridge",
            "<meta name=date content=2026-01-05T23:30:00Z>",
            plain,
            Some(("2026-01-06", Address)),
        ),
        (
            "a later line may be a change",
            "/a",
            meta,
            "<main><h1>New bridge</h1><p>Jan 9, 2026</p>TEXT</main>",
            Some(("2026-01-05T02:30:00Z", Meta)),
        ),
        (
            "the outlet's own clock",
            "/a",
            meta,
            "<main><h1>New bridge</h1><span itemprop=datePublished content=2026-01-04T21:30:00-05:00>4 Jan</span>TEXT</main>",
            Some(("2026-01-04T21:30:00-05:00", Microdata)),
        ),
        (
            "a time element",
            "/a",
            "",
            "<main><h1>New bridge</h1><time datetime=2026-01-05>5 Jan</time>TEXT</main>",
            Some(("2026-01-05", Time)),
        ),
        (
            "not that of a change",
            "/a",
            "",
            "<main><h1>New bridge</h1><time class=updated datetime=2026-01-05>5 Jan</time>TEXT</main>",
            None,
        ),
        (
            "a line",
            "/a",
            "",
            "<main><h1>New bridge</h1><p>By Bo Lind | 5 January 2026 | 2 min read</p>TEXT</main>",
            Some(("2026-01-05", Visible)),
        ),
        (
            "an updated line",
            "/a",
            "",
            "<main><h1>New bridge</h1><p>Last updated: January 5, 2026</p>TEXT</main>",
            None,
        ),
        (
            "both",
            "/a",
            "",
            "<main><h1>New bridge</h1><p>Updated Jan 9, 2026. Published Jan 5, 2026</p>TEXT</main>",
            Some(("2026-01-05", Visible)),
        ),
        (
            "a label of its own",
            "/a",
            "",
            "<main><h1>New bridge</h1><dl><dt>Last updated</dt><dd>9 January 2026</dd><dt>Published</dt><dd>5 January 2026</dd></dl>TEXT</main>",
            Some(("2026-01-05", Visible)),
        ),
        (
            "above the headline",
            "/a",
            "",
            "<main><span>05.01.2026</span><h1>New bridge</h1>TEXT</main>",
            Some(("2026-01-05", Visible)),
        ),
        (
            "under the text",
            "/a",
            "",
            "<main><h1>New bridge</h1>TEXT<p>Posted on January 5, 2026</p></main>",
            Some(("2026-01-05", Visible)),
        ),
        (
            "the order that the page shows",
            "/a",
            "",
            "<main><h1>New bridge</h1><p>3/2/2026</p>TEXT</main><p>25/1/2026: Ferry</p>",
            Some(("2026-02-03", Visible)),
        ),
        (
            "a comment",
            "/a",
            "",
            "<main><h1>New bridge</h1>TEXT</main><section class=comments><div><div><p>Al</p><time datetime=2026-01-07>7 Jan</time></div></div></section>",
            None,
        ),
        (
            "another article",
            "/a",
            "",
            "<main><h1>New bridge</h1>TEXT</main><div class=related><div><a href=/b>Ferry</a><time datetime=2026-01-07>7 Jan</time></div></div>",
            None,
        ),
        (
            "an event in the text",
            "/a",
            "",
            "<main><h1>New bridge</h1><p>The bridge was first asked for on January 5, 2020.</p>TEXT</main>",
            None,
        ),
        (
            "copyright",
            "/a",
            "",
            "<main><h1>New bridge</h1>TEXT</main><footer>© 2026 Harbour Post</footer>",
            None,
        ),
        (
            "the address alone",
            "/2026/01/05/bridge",
            "",
            plain,
            Some(("2026-01-05", Address)),
        ),
        ("a page is not called an article", "/a", page, plain, None),
        (
            "but may be seen to be one",
            "/a",
            page,
            "<main><h1>New bridge</h1><p>5 January 2026</p>TEXT</main>",
            Some(("2026-01-05T09:00:00Z", JsonLd)),
        ),
        ("the front", "/", meta, plain, None),
        (
            "the future",
            "/a",
            "<meta name=date content=2027-01-05>",
            plain,
            None,
        ),
    ] {
        let found = read(&format!("https://post.example{url}"), head, body);
        let expected = expected.map(|(day, origin)| (day.to_owned(), origin));
        assert_eq!(
            found,
            (expected.clone().map(|e| e.0), expected.map(|e| e.1)),
            "{what}"
        );
    }
}
