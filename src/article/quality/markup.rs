//! What the markup shows of a page that has no text: a frame for scripts, or the scripts of
//! a check for robots. Asked only of such pages, since it looks through their scripts.

use crate::article::page::dom::Tree;

/// Whether the page is a frame that scripts are to fill.
pub(super) fn is_shell(tree: &Tree<'_>) -> bool {
    let roots = [
        "___gatsby",
        "__next",
        "__nuxt",
        "app",
        "app-root",
        "main-app",
        "react-root",
        "root",
    ];
    tree.all("div")
        .any(|id| tree.attr(id, "id").is_some_and(|id| roots.contains(&id)))
        || tree.all("app-root").next().is_some()
}

/// Whether the scripts are those of a known kind of check for robots.
pub(super) fn has_challenge(tree: &Tree<'_>) -> bool {
    const MARKS: [&str; 6] = [
        "_incapsula_resource",
        "cf-chl-",
        "cf_chl_",
        "challenge-platform",
        "datadome",
        "px-captcha",
    ];
    tree.all("script")
        .chain(tree.all("iframe"))
        .take(60)
        .any(|id| {
            let source = tree.attr(id, "src").unwrap_or("").to_lowercase();
            let script = tree.raw_text(id);
            MARKS.iter().any(|mark| {
                source.contains(mark) || (script.len() < 20_000 && script.contains(mark))
            })
        })
}
