//! For tests: an article out of plain text. Blank lines part the blocks; `# ` marks a
//! heading, `> ` a block quotation, `- ` a list item, `| ` a table row; a first block
//! `= ` is the title.

use super::{Access, Article, Block, BlockKind, Origins};
use crate::text::Span;

/// The article that `source` describes.
pub(crate) fn article(source: &str, language: Option<&str>) -> Article {
    let mut article = Article {
        url: None,
        canonical_url: None,
        title: None,
        byline: Vec::new(),
        published: None,
        modified: None,
        outlet: None,
        language: language.map(str::to_owned),
        language_declared: None,
        section: None,
        tags: Vec::new(),
        image: None,
        access: Access::Unknown,
        origins: Origins::default(),
        text: String::new(),
        blocks: Vec::new(),
    };
    for block in source
        .split("\n\n")
        .map(str::trim)
        .filter(|b| !b.is_empty())
    {
        if let Some(title) = block.strip_prefix("= ") {
            article.title = Some(title.to_owned());
            continue;
        }
        let marks = [
            ("# ", BlockKind::Heading),
            ("> ", BlockKind::Quote),
            ("- ", BlockKind::ListItem),
            ("| ", BlockKind::TableRow),
        ];
        let (words, kind) = marks
            .iter()
            .find_map(|(mark, kind)| Some((block.strip_prefix(mark)?, *kind)))
            .unwrap_or((block, BlockKind::Paragraph));
        if !article.text.is_empty() {
            article.text.push_str("\n\n");
        }
        let start = article.text.len();
        article.text.push_str(words);
        let span = Span::new(start, article.text.len());
        article.blocks.push(Block { kind, span });
    }
    article
}

/// A story of these articles, all received at the same moment.
pub(crate) fn story(articles: impl IntoIterator<Item = Article>) -> crate::story::Story {
    let received = jiff::Timestamp::UNIX_EPOCH;
    crate::story::Story::new(articles.into_iter().map(|a| (a, received)).collect())
        .expect("a story for a test has an article")
}
