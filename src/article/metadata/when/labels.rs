//! The words that tell what a date beside an article is, in the larger languages, and
//! the names that pages give to the elements which hold one.
//!
//! Only words; where they stand is the business of `dateline`.

/// What a date is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// Of the publication.
    Published,
    /// Of the last change, or of the state of knowledge.
    Updated,
    /// Of something else: how long an offer or a film can be had.
    Other,
    /// Nothing is said.
    None,
}

/// Beginnings of words for a publication. Sorted.
const PUBLISHED: &[&str] = &[
    "aufgeschaltet",
    "diterbitkan",
    "eklenme",
    "erschienen",
    "erstellt",
    "first published",
    "geplaatst",
    "gepostet",
    "gepubliceerd",
    "gepubliseer",
    "geschrieben",
    "julkaistu",
    "közzétéve",
    "megjelent",
    "offentliggjort",
    "opublikowan",
    "originally",
    "posted",
    "pubblicat",
    "publicad",
    "publicat",
    "publicerad",
    "publikov",
    "publisert",
    "published",
    "publié",
    "veröffentlich",
    "xuất bản",
    "yayın",
    "zveřejněn",
    "đăng",
    "δημοσι",
    "опубл",
    "публик",
    "размещ",
    "פורסם",
    "منتشر",
    "نشر",
    "प्रकाशित",
    "เผยแพร่",
    "公開",
    "发布",
    "发表",
    "投稿",
    "掲載",
    "發佈",
    "發布",
    "發表",
    "配信",
    "게시",
    "등록",
    "승인",
    "입력",
];

/// Beginnings of words for a change. Sorted.
const UPDATED: &[&str] = &[
    "actualis",
    "actualitz",
    "actualiz",
    "aggiornat",
    "aktualis",
    "aktualiz",
    "bijgewerkt",
    "cập nhật",
    "diperbarui",
    "frissít",
    "gewijzigd",
    "geändert",
    "güncelle",
    "last active",
    "last change",
    "last edited",
    "letzte änderung",
    "mis à jour",
    "mise à jour",
    "modifi",
    "muokattu",
    "opdateret",
    "oppdatert",
    "päivitetty",
    "reviewed",
    "revised",
    "stand vom",
    "stand:",
    "update",
    "uppdatera",
    "ändrad",
    "última",
    "überarbeitet",
    "ενημ",
    "змінен",
    "изменен",
    "обновл",
    "оновлен",
    "עודכן",
    "به‌روز",
    "تحديث",
    "अपडेट",
    "อัปเดต",
    "更新",
    "수정",
    "업데이트",
    "최종",
];

/// Beginnings of words for what is to come. Sorted.
const OTHER: &[&str] = &[
    "available until",
    "deadline",
    "event date",
    "expires",
    "gültig bis",
    "joined",
    "member since",
    "mitglied seit",
    "registr",
    "until",
    "valid",
    "verfügbar bis",
];

/// What the last label in `text`, which stands before a date, says of it.
pub(crate) fn last(text: &str) -> Label {
    const REACH: usize = 60;
    let from = text.len().saturating_sub(REACH);
    let text = text[text.ceil_char_boundary(from)..].to_lowercase();
    let last = |words: &[&str]| {
        words
            .iter()
            .filter_map(|word| begin(&text, word, true))
            .max()
    };
    [
        (last(PUBLISHED), Label::Published),
        (last(UPDATED), Label::Updated),
        (last(OTHER), Label::Other),
    ]
    .into_iter()
    .filter_map(|(at, label)| Some((at?, label)))
    .max_by_key(|(at, _)| *at)
    .map_or(Label::None, |(_, label)| label)
}

/// What the first label in `text`, which stands after a date, says of it.
pub(crate) fn first(text: &str) -> Label {
    const REACH: usize = 60;
    let text = text[..text.floor_char_boundary(REACH)].to_lowercase();
    let first = |words: &[&str]| {
        words
            .iter()
            .filter_map(|word| begin(&text, word, false))
            .min()
    };
    [
        (first(PUBLISHED), Label::Published),
        (first(UPDATED), Label::Updated),
    ]
    .into_iter()
    .filter_map(|(at, label)| Some((at?, label)))
    .min_by_key(|(at, _)| *at)
    .map_or(Label::None, |(_, label)| label)
}

/// What `text`, which stands alone, says as a label: that it begins with one.
pub(crate) fn leading(text: &str) -> Label {
    let text = text.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if begins(UPDATED) || text.starts_with("last updated") {
        Label::Updated
    } else if begins(PUBLISHED) {
        Label::Published
    } else {
        Label::None
    }
}

/// Where `word` begins in `text`, the last or the first time. It may begin inside a
/// word, since `zaktualizowano` and the scripts without spaces have it there.
fn begin(text: &str, word: &str, last: bool) -> Option<usize> {
    // Few texts have the word, and to tell that costs less than to prepare a search.
    if !text.contains(word) {
        None
    } else if last {
        text.rfind(word)
    } else {
        text.find(word)
    }
}

/// Whether an element of this name holds the article's date.
pub(crate) fn is_date(name: &str) -> bool {
    const DATE: [&str; 9] = [
        "date",
        "datum",
        "fecha",
        "posted",
        "pubdate",
        "published",
        "pubtime",
        "time",
        "zeit",
    ];
    let name = name.to_ascii_lowercase();
    DATE.iter().any(|word| name.contains(word))
        && !["update", "event", "timeline", "countdown"]
            .iter()
            .any(|word| name.contains(word))
}

/// Whether an element of this name holds comments.
pub(crate) fn is_comment(name: &str) -> bool {
    begins_word(name, &["comment", "kommentar", "respond"])
}

/// Whether an element of this name lists other articles.
pub(crate) fn is_list(name: &str) -> bool {
    begins_word(
        name,
        &[
            "latest",
            "popular",
            "recent",
            "recommend",
            "related",
            "ticker",
        ],
    )
}

/// Whether an element of this name may hold a teaser to another article or to an event.
pub(crate) fn is_teaser(name: &str) -> bool {
    begins_word(name, &["agenda", "event", "teaser"])
}

/// Whether an element of this name is for the whole site and not for one article.
pub(crate) fn is_elsewhere(name: &str) -> bool {
    is_list(name) || begins_word(name, &["cloud", "menu", "sidebar", "widget"])
}

/// Whether a word of a class or an id begins with one of `words`.
fn begins_word(name: &str, words: &[&str]) -> bool {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|part| {
            words.iter().any(|word| {
                part.get(..word.len())
                    .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_in_many_languages() {
        for (before, expected) in [
            ("Published: ", Label::Published),
            ("Last updated ", Label::Updated),
            ("Posted by Bo Lind on ", Label::Published),
            ("Updated: 3 pm, first published ", Label::Published),
            ("Veröffentlicht am ", Label::Published),
            ("Stand: ", Label::Updated),
            ("Zuletzt aktualisiert am ", Label::Updated),
            ("Publié le ", Label::Published),
            ("Mis à jour le ", Label::Updated),
            ("Publicado el ", Label::Published),
            ("Actualizado a las 9 del ", Label::Updated),
            ("Zaktualizowano: ", Label::Updated),
            ("Опубликовано ", Label::Published),
            ("Обновлено ", Label::Updated),
            ("入力 ", Label::None),
            ("입력 ", Label::Published),
            ("수정 ", Label::Updated),
            ("发布时间：", Label::Published),
            ("更新日：", Label::Updated),
            ("نشر في ", Label::Published),
            ("Video verfügbar bis: ", Label::Other),
            ("By Ada Moss, ", Label::None),
            ("", Label::None),
        ] {
            assert_eq!(last(before), expected, "{before}");
        }
        assert_eq!(first(" um 23 Uhr gepostet und abgelegt"), Label::Published);
        assert_eq!(first(" (updated)"), Label::Updated);
    }

    #[test]
    fn the_word_lists_are_sorted() {
        for list in [PUBLISHED, UPDATED, OTHER] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }
}
