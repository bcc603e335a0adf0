//! Carriers of text that nobody sees, and of text that only looks like it.

use super::*;
use crate::article::page::dom;

fn seen(page: &str) -> String {
    let document = dom::parse(page);
    let tree = Tree::new(&document);
    let hidden = hidden(&tree);
    (0..tree.len())
        .filter(|&id| !hidden[id])
        .filter_map(|id| match tree.node(id).data {
            Data::Text(text) => Some(text.trim()),
            _ => None,
        })
        .collect::<Vec<_>>()
        .join("")
}

#[test]
fn what_elements_hide_is_not_seen() {
    for hiding in [
        "<p hidden>X</p>",
        "<p hidden=until-found>X</p>",
        "<p aria-hidden=true>X</p>",
        "<p popover>X</p>",
        "<p style='display: NONE'>X</p>",
        "<p style='d\\69splay:none'>X</p>",
        "<p style='display:/* */none'>X</p>",
        "<p style='display:none !important;display:block'>X</p>",
        "<p style='visibility:hidden !important'>X</p>",
        "<p style='visibility:hidden'><b>X</b></p>",
        "<p style=opacity:0>X</p>",
        "<p style='filter:blur(1px) opacity(0%)'>X</p>",
        "<p style='-webkit-mask:linear-gradient(transparent,transparent)'>X</p>",
        "<p style=font-size:0>X</p>",
        "<p style='font-size:1px'>X</p>",
        "<p style='font:0/0 a'>X</p>",
        "<p style='font:italic 1px serif'>X</p>",
        "<p style='letter-spacing:-1em'>X</p>",
        "<p style='line-height:0;overflow:hidden'>X</p>",
        "<p style='position:absolute;left:-9999px'>X</p>",
        "<p style='position:absolute;left:calc(-1 * 9999px)'>X</p>",
        "<p style='position:fixed;top:-200vh'>X</p>",
        "<p style='margin-left:-9999px'>X</p>",
        "<p style='margin:0 0 0 -9999px'>X</p>",
        "<p style='text-indent:-100em'>X</p>",
        "<p style='transform:scale(0)'>X</p>",
        "<p style='transform:rotate(3deg) translateX(-9999px)'>X</p>",
        "<p style='scale:0'>X</p>",
        "<p style='height:0;overflow:hidden'>X</p>",
        "<p style='max-height:0;overflow:hidden'>X</p>",
        "<p style='width:1px;height:1px;overflow:hidden'>X</p>",
        "<p style='clip:rect(0,0,0,0)'>X</p>",
        "<p style='clip-path:inset(50%)'>X</p>",
        "<p style='content-visibility:hidden'>X</p>",
        "<p style='color:#fff;background:white'>X</p>",
        "<p style='color:#fdfdfd'>X</p>",
        "<p style='color:rgba(0,0,0,.01)'>X</p>",
        "<p style='color:transparent'>X</p>",
        "<div style='background:#222'><p style='color:#222'>X</p></div>",
        "<div style='color:#222'><p style='background:#222'>X</p></div>",
        "<font color=white>X</font>",
        "<font color=FFFFFF>X</font>",
        "<table bgcolor=#336699><tr><td><font color=#336699>X</font></table>",
        "<template><p>X</p></template>",
        "<!-- X -->",
        "<noscript>X</noscript>",
        "<textarea>X</textarea>",
        "<details><p>X</p></details>",
        "<dialog>X</dialog>",
        "<object>X</object>",
        "<video>X</video>",
        "<audio>X</audio>",
        "<canvas>X</canvas>",
        "<iframe>X</iframe>",
        "<svg><text>X</text></svg>",
        "<svg><title>X</title><desc>X</desc></svg>",
        "<select><option>X</select>",
        "<datalist><option>X</datalist>",
        "<progress>X</progress>",
        "<input value=X>",
        "<img alt=X title=X>",
        "<p title=X data-x=X></p>",
        "<ruby><rp>X</rp></ruby>",
    ] {
        let page = format!("<p>before</p><div><div>{hiding}</div></div><p>after</p>");
        assert_eq!(seen(&page), "beforeafter", "{hiding}");
    }
}

#[test]
fn what_rules_hide_is_not_seen() {
    for rule in [
        ".a{display:none}",
        ".A, #i{display:none}",
        "P{display:none}",
        "p.a.b#i[lang=en]{display:none}",
        "[lang]{display:none}",
        "[lang|='en']{display:none}",
        "[class~=b]{display:none}",
        "[class^='a '],[id$=x]{display:none}",
        "article .b{display:none}",
        "article section .b{display:none}",
        "section>p{display:none}",
        "article > section > .a{display:none}",
        "h2+p{display:none}",
        "h2 ~ .a{display:none}",
        "article h2 + .a{display:none}",
        ":is(.x,.a){display:none}",
        "article :where(.a){display:none}",
        "p:not(.x):not(:hover){display:none}",
        "p:nth-child(2){display:none}",
        "p:nth-child(2n){display:none}",
        "p:last-child{display:none}",
        "p:first-of-type{display:none}",
        ":root article .a{display:none}",
        ".x .y,.a{display:none}",
        "/* a{ */ .a/**/{display:none}",
        "<!-- .a{display:none} -->",
        "\\.a{} .\\61 {display:none}",
        ".a{dis\\70lay:none}",
        ".a{color:red;display:none}",
        ".a{--x:1;DISPLAY:None}",
        ".a{display:block}.a{display:none}",
        ".a{display:none!important}p.a{display:block}",
        "#i{display:none}.a{display:block}",
        "@import 'x'; .a{display:none}",
        "@media screen{.a{display:none}}",
        "@media only screen and (min-width:20em){.a{display:none}}",
        "@media print,all{.a{display:none}}",
        "@media not print{.a{display:none}}",
        "@supports (display:grid){.a{display:none}}",
        "@layer x;@layer x{.a{display:none}}",
        "@layer x{@media all{section{.a{display:none}}}}",
        "section{.a{display:none}}",
        "section{color:red;& .a{display:none}}",
        ".a{&.b{display:none}}",
        ".a{@media screen{display:none}}",
        ".a{visibility:hidden}",
        ".a{opacity:0}",
        ".a{opacity:0;transition:none}",
        ".a{font-size:0}",
        "section{font-size:0}h2{font-size:20px}",
        ".a{text-indent:-9999px}",
        ".a{position:absolute;left:-10000px}",
        ".a{max-height:0;overflow:hidden}",
        ".a{max-height:0}.b{overflow:hidden}",
        ".a{clip:rect(1px,1px,1px,1px)}",
        ".a{color:#fff}",
        ".a{color:transparent}",
        "section{background:#000}h2{color:#fff}.a{color:#000}",
        "section{color:white}h2{color:black}",
        ".x{content:'}'}.a{display:none}",
        ".x{background:url(data:x;})}.a{display:none}",
        ".a{display:none",
        ":has(x){}.a{display:none}",
    ] {
        let page = format!(
            "<style>{rule}</style><body><p>before</p>\
             <article><section><h2>head</h2><p class='a b' id=i lang=en-x>X</p></section></article>\
             <h3>after</h3>"
        );
        // The second page has a class, a tag or an id that other rules ask for.
        let page = page.replace(
            "id=i lang",
            if rule.contains("id$") {
                "id=ix lang"
            } else {
                "id=i lang"
            },
        );
        let page = page.replace(
            "en-x",
            if rule.contains("lang=en") {
                "en"
            } else {
                "en-x"
            },
        );
        let page = page.replace(
            "'a b'",
            if rule.starts_with(".A") {
                "'A b'"
            } else {
                "'a b'"
            },
        );
        let found = seen(&page);
        assert!(
            !found.contains('X') && found.contains("headafter"),
            "{rule}: {found}"
        );
    }
}

#[test]
fn what_shows_or_will_show_is_seen() {
    for (page, expected) in [
        ("<details open><summary>s</summary><p>X</p></details>", "sX"),
        ("<details><summary>s</summary><p>no</p></details>", "s"),
        ("<dialog open>X</dialog>", "X"),
        ("<p inert>X</p>", "X"),
        ("<p aria-hidden=false>X</p>", "X"),
        ("<marquee>X</marquee>", "X"),
        ("<p style='opacity:0.5;font-size:0.9em'>X</p>", "X"),
        ("<p style='font:700 16px/1.5 serif'>X</p>", "X"),
        (
            "<p style='left:-20px;margin:0 -15px;text-indent:-1em'>X</p>",
            "X",
        ),
        ("<p style='width:100%;height:1px'>X</p>", "X"),
        (
            "<p style='transform:scale(.9) translate(-50%,-50%)'>X</p>",
            "X",
        ),
        ("<p style='color:#fff;background:#000'>X</p>", "X"),
        ("<p style='color:#fff;background:url(a.png)'>X</p>", "X"),
        (
            "<div style='background:#000'><p style='color:#fff'>X</p></div>",
            "X",
        ),
        (
            "<p style='color:transparent;background:linear-gradient(red,blue)'>X</p>",
            "X",
        ),
        (
            "<link rel=stylesheet href=a><p style='color:#fff'>X</p>",
            "X",
        ),
        (
            "<p style='visibility:hidden'>no<b style='visibility:visible'>X</b></p>",
            "X",
        ),
        (
            "<ul style='font-size:0'><li style='font-size:16px'>X</ul>",
            "X",
        ),
        ("<style>body{visibility:hidden}</style><body><p>X</p>", "X"),
        ("<div style='display:none'><h1>T</h1><p>X</p></div>", "TX"),
        (
            "<style>.f{opacity:0;transition:opacity 1s}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>.f{display:none} .f{display:block}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>p.f{display:block} .f{display:none}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>.f{display:none}</style><p class=f style='display:block'>X</p>",
            "X",
        ),
        (
            "<style>.f:hover,.f::before{display:none}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>.f:focus:not(.g){display:none}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>.g .f,div>.f,h1+.f{display:none}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>.f:not(p){display:none}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>.f:nth-child(3){display:none}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>@media print{.f{display:none}}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>@media (max-width:600px){.f{display:none}}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>@supports not (display:grid){.f{display:none}}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>@keyframes k{from{opacity:0}} .f{color:red}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style media=print>.f{display:none}</style><p class=f>X</p>",
            "X",
        ),
        ("<style>/*.f{display:none}*/</style><p class=f>X</p>", "X"),
        (
            "<style>.f{--display:none;x:'display:none'}</style><p class=f>X</p>",
            "X",
        ),
        (
            "<style>.f{height:0;overflow:visible}</style><p class=f>X</p>",
            "X",
        ),
    ] {
        assert_eq!(seen(page), expected, "{page}");
    }
}

#[test]
fn a_reason_is_told() {
    for (page, expected) in [
        ("<p>X</p>", None),
        ("<p hidden>X</p>", Some(Hidden::Attribute)),
        ("<p style=display:none>X</p>", Some(Hidden::Display)),
        ("<p style=opacity:0><b>X</b></p>", Some(Hidden::Transparent)),
        ("<p style=left:-9999px>X</p>", Some(Hidden::OffScreen)),
        ("<p style=font-size:0>X</p>", Some(Hidden::Letters)),
        ("<p style=color:white>X</p>", Some(Hidden::Colour)),
    ] {
        let document = dom::parse(&format!("<p>before</p>{page}"));
        let tree = Tree::new(&document);
        assert_eq!(reasons(&tree).last(), Some(&expected), "{page}");
    }
}
