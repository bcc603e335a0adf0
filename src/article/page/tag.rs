//! The elements of HTML as small values, so that the passes over a page compare no
//! strings. Elements that nothing asks for are all [`Tag::Other`].

use html5ever::{LocalName, local_name};

macro_rules! tags {
    ($($tag:ident $name:tt,)*) => {
        /// What an element is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub(crate) enum Tag {
            /// No element, but a text or the document.
            None,
            /// An element that is not in this list.
            Other,
            $($tag,)*
        }

        impl Tag {
            /// The tag of that name.
            pub(crate) fn of(name: &LocalName) -> Self {
                match *name {
                    $(local_name!($name) => Self::$tag,)*
                    _ => Self::Other,
                }
            }
        }
    };
}

tags! {
    A "a",
    Abbr "abbr",
    Address "address",
    Area "area",
    Article "article",
    Aside "aside",
    Audio "audio",
    B "b",
    Base "base",
    Bdi "bdi",
    Bdo "bdo",
    Big "big",
    Blockquote "blockquote",
    Body "body",
    Br "br",
    Button "button",
    Canvas "canvas",
    Caption "caption",
    Center "center",
    Cite "cite",
    Code "code",
    Col "col",
    Colgroup "colgroup",
    Data "data",
    Datalist "datalist",
    Dd "dd",
    Del "del",
    Details "details",
    Dfn "dfn",
    Dialog "dialog",
    Dir "dir",
    Div "div",
    Dl "dl",
    Dt "dt",
    Em "em",
    Embed "embed",
    Fieldset "fieldset",
    Figcaption "figcaption",
    Figure "figure",
    Font "font",
    Footer "footer",
    Form "form",
    Frame "frame",
    Frameset "frameset",
    H1 "h1",
    H2 "h2",
    H3 "h3",
    H4 "h4",
    H5 "h5",
    H6 "h6",
    Head "head",
    Header "header",
    Hgroup "hgroup",
    Hr "hr",
    Html "html",
    I "i",
    Iframe "iframe",
    Img "img",
    Input "input",
    Ins "ins",
    Kbd "kbd",
    Label "label",
    Legend "legend",
    Li "li",
    Link "link",
    Main "main",
    Map "map",
    Mark "mark",
    Marquee "marquee",
    Math "math",
    Menu "menu",
    Meta "meta",
    Meter "meter",
    Nav "nav",
    Nobr "nobr",
    Noembed "noembed",
    Noframes "noframes",
    Noscript "noscript",
    Object "object",
    Ol "ol",
    Optgroup "optgroup",
    Option "option",
    Output "output",
    P "p",
    Param "param",
    Picture "picture",
    Plaintext "plaintext",
    Pre "pre",
    Progress "progress",
    Q "q",
    Rb "rb",
    Rp "rp",
    Rt "rt",
    Rtc "rtc",
    Ruby "ruby",
    S "s",
    Samp "samp",
    Script "script",
    Search "search",
    Section "section",
    Select "select",
    Slot "slot",
    Small "small",
    Source "source",
    Span "span",
    Strike "strike",
    Strong "strong",
    Style "style",
    Sub "sub",
    Summary "summary",
    Sup "sup",
    Svg "svg",
    Table "table",
    Tbody "tbody",
    Td "td",
    Template "template",
    Textarea "textarea",
    Tfoot "tfoot",
    Th "th",
    Thead "thead",
    Time "time",
    Title "title",
    Tr "tr",
    Track "track",
    Tt "tt",
    U "u",
    Ul "ul",
    Var "var",
    Video "video",
    Wbr "wbr",
}

impl Tag {
    /// Whether the element begins and ends a block.
    pub(crate) fn is_block(self) -> bool {
        matches!(
            self,
            Self::Address
                | Self::Article
                | Self::Aside
                | Self::Blockquote
                | Self::Body
                | Self::Button
                | Self::Center
                | Self::Dd
                | Self::Details
                | Self::Dialog
                | Self::Div
                | Self::Dl
                | Self::Dt
                | Self::Fieldset
                | Self::Figcaption
                | Self::Figure
                | Self::Footer
                | Self::Form
                | Self::H1
                | Self::H2
                | Self::H3
                | Self::H4
                | Self::H5
                | Self::H6
                | Self::Header
                | Self::Hgroup
                | Self::Hr
                | Self::Html
                | Self::Li
                | Self::Main
                | Self::Nav
                | Self::Ol
                | Self::P
                | Self::Pre
                | Self::Section
                | Self::Summary
                | Self::Table
                | Self::Tbody
                | Self::Td
                | Self::Tfoot
                | Self::Th
                | Self::Thead
                | Self::Tr
                | Self::Ul
        )
    }
}
