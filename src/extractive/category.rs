//! Which of the configured categories a story belongs to.

use super::rank::terms;
use crate::story::Story;

/// Words by which outlets name the same category, in lower case; the first of a line is
/// the name that this table knows it by. A word may stand in one line only.
const SYNONYMS: &[&[&str]] = &[
    &[
        "business",
        "economy",
        "economics",
        "economía",
        "économie",
        "finance",
        "finanzen",
        "markets",
        "money",
        "wirtschaft",
        "companies",
        "경제",
    ],
    &[
        "culture",
        "arts",
        "entertainment",
        "feuilleton",
        "kultur",
        "cultura",
        "books",
        "film",
        "music",
        "문화",
    ],
    &[
        "health",
        "gesundheit",
        "medicine",
        "salud",
        "santé",
        "wellness",
        "건강",
    ],
    &[
        "opinion",
        "comment",
        "commentary",
        "editorial",
        "meinung",
        "opinión",
    ],
    &[
        "politics",
        "government",
        "election",
        "elections",
        "política",
        "politik",
        "politique",
        "policy",
        "정치",
    ],
    &[
        "science",
        "ciencia",
        "climate",
        "environment",
        "wissen",
        "wissenschaft",
        "sciences",
        "과학",
    ],
    &[
        "society",
        "gesellschaft",
        "panorama",
        "sociedad",
        "société",
        "education",
        "lifestyle",
        "사회",
    ],
    &[
        "sports",
        "sport",
        "deportes",
        "football",
        "soccer",
        "스포츠",
    ],
    &[
        "technology",
        "tech",
        "digital",
        "netzwelt",
        "tecnología",
        "technologie",
        "technik",
        "internet",
        "gadgets",
        "기술",
    ],
    &[
        "world",
        "international",
        "ausland",
        "foreign",
        "global",
        "internacional",
        "monde",
        "mundo",
        "세계",
    ],
];

/// The category of `story`: the one that names the outlet's own section; else the first
/// of those whose words the story has most often; else the last configured one, which is
/// the house's "Other". Empty when none is configured and the source names no section.
pub(super) fn choose(story: &Story, categories: &[String]) -> String {
    let section = story
        .sources()
        .iter()
        .find_map(|source| source.article.section.as_deref());
    if let Some(section) = section
        && let Some(category) = of_section(section, categories)
    {
        return category.clone();
    }
    let Some(last) = categories.last() else {
        return section.unwrap_or_default().to_owned();
    };
    let mut best: Option<(usize, &String)> = None;
    let words: Vec<String> = story
        .sources()
        .iter()
        .flat_map(|source| {
            let article = &source.article;
            let title = article.title.as_deref().unwrap_or_default();
            terms(title).into_iter().chain(terms(&article.text))
        })
        .collect();
    for category in categories {
        let names = names(category);
        let count = words.iter().filter(|word| names.contains(word)).count();
        // A word that stands there once is chance.
        if count > 1 && best.is_none_or(|(most, _)| count > most) {
            best = Some((count, category));
        }
    }
    best.map_or(last, |(_, category)| category).clone()
}

/// The category that a section's name means.
fn of_section<'a>(section: &str, categories: &'a [String]) -> Option<&'a String> {
    let section = section.trim();
    let words = terms(section);
    categories
        .iter()
        .find(|category| category.trim().to_lowercase() == section.to_lowercase())
        .or_else(|| {
            categories
                .iter()
                .find(|category| names(category).iter().any(|name| words.contains(name)))
        })
}

/// The words of a category and their synonyms.
fn names(category: &str) -> Vec<String> {
    let mut names: Vec<String> = category
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2 || !word.is_ascii())
        .filter(|word| {
            !matches!(
                *word,
                "and" | "the" | "und" | "news" | "other" | "general" | ""
            )
        })
        .map(str::to_owned)
        .collect();
    for line in SYNONYMS {
        if line
            .iter()
            .any(|word| names.iter().any(|name| name == word))
        {
            names.extend(line.iter().map(|&word| word.to_owned()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::plain::{article, story};

    fn chosen(section: Option<&str>, text: &str) -> String {
        let mut article = article(text, Some("en"));
        article.section = section.map(str::to_owned);
        let categories = ["Politics", "World", "Business & Economy", "Other"].map(str::to_owned);
        choose(&story([article]), &categories)
    }

    #[test]
    fn the_section_decides_before_the_words() {
        let text = "The election is near, and the election is long.";
        assert_eq!(chosen(Some("world"), text), "World");
        assert_eq!(chosen(Some("Ausland"), text), "World");
        assert_eq!(chosen(Some("Wirtschaft"), text), "Business & Economy");
        assert_eq!(chosen(Some("US politics news"), text), "Politics");
        assert_eq!(chosen(Some("Gardens"), text), "Politics");
        assert_eq!(chosen(None, text), "Politics");
        assert_eq!(chosen(None, "Gulls sleep."), "Other");
    }

    #[test]
    fn without_categories_the_section_stands() {
        let mut article = article("Gulls sleep.", None);
        article.section = Some("Gardens".to_owned());
        assert_eq!(choose(&story([article]), &[]), "Gardens");
    }
}
