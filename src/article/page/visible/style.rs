//! What a declaration such as `opacity: 0` means for whether a text can be seen.
//!
//! Only properties that can hide are read, and of each value only whether it hides;
//! colours are read in full, since they hide only together with another one.

use super::measure::{
    cuts_all, insets_all, is_below, is_beyond, is_far, is_tiny, moves_away, number,
};

/// A property that can hide, or that decides whether another one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Property {
    Display,
    Visibility,
    ContentVisibility,
    Opacity,
    FontSize,
    LetterSpacing,
    TextIndent,
    Left,
    Right,
    Top,
    Bottom,
    MarginLeft,
    MarginTop,
    Transform,
    Clip,
    ClipPath,
    Width,
    Height,
    MaxWidth,
    MaxHeight,
    Overflow,
    Filter,
    Mask,
    Moves,
    Color,
    Background,
}

/// How many properties there are.
pub(super) const PROPERTIES: usize = Property::Background as usize + 1;

/// What a value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// It hides, or helps to.
    Hides,
    /// It does not.
    Shows,
    /// It is relative to what holds the element, such as a size in `em`.
    Inherits,
    /// An opaque colour.
    Colour([u8; 3]),
    /// A picture or a colour that is not understood.
    Unknown,
}

/// One declaration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaration {
    pub(super) property: Property,
    pub(super) value: Value,
    pub(super) important: bool,
}

/// Reads `property: value` and gives what it declares to `declare`.
pub(super) fn read(declaration: &str, mut declare: impl FnMut(Declaration)) {
    // Variables, and the many that begin as no hiding property does.
    let declaration = declaration.trim_start();
    if !may_hide(declaration.as_bytes()) {
        return;
    }
    let Some((property, value)) = declaration.split_once(':') else {
        return;
    };
    let (mut name, mut text) = ([0; 32], [0; 96]);
    let Some(property) = plain(property, &mut name) else {
        return;
    };
    let Some(value) = plain(value, &mut text) else {
        return;
    };
    let (value, important) = match value.rsplit_once('!') {
        Some((value, word)) => (value.trim_end(), word.trim() == "important"),
        None => (value, false),
    };
    values(property, value, &mut |property, value| {
        declare(Declaration {
            property,
            value,
            important,
        });
    });
}

/// Whether a declaration begins like one of a property that is read.
fn may_hide(declaration: &[u8]) -> bool {
    let [first, second, ..] = declaration else {
        return false;
    };
    match first.to_ascii_lowercase() {
        // A prefix, or an escape.
        b'-' | b'\\' => true,
        _ if *second == b'\\' => true,
        // Borders and boxes are many.
        b'b' if matches!(second, b'o' | b'O') => !matches!(declaration.get(2), Some(b'r' | b'x')),
        first => matches!(
            &[first, second.to_ascii_lowercase()],
            b"an"
                | b"ba"
                | b"bl"
                | b"cl"
                | b"co"
                | b"di"
                | b"fi"
                | b"fo"
                | b"he"
                | b"in"
                | b"le"
                | b"li"
                | b"ma"
                | b"op"
                | b"ov"
                | b"ri"
                | b"sc"
                | b"te"
                | b"to"
                | b"tr"
                | b"vi"
                | b"wi"
                | b"zo"
        ),
    }
}

/// `text` in lower case, without escapes and outer space, in `buffer`; what is longer
/// hides nothing.
fn plain<'b>(text: &'b str, buffer: &'b mut [u8]) -> Option<&'b str> {
    let text = text.trim_ascii();
    if !text
        .bytes()
        .any(|byte| byte == b'\\' || byte.is_ascii_uppercase())
    {
        return Some(text);
    }
    let mut used = 0;
    let mut rest = text;
    while let Some(&first) = rest.as_bytes().first() {
        let (c, length) = if first == b'\\' {
            let (c, length) = super::reader::escaped(&rest[1..])?;
            (c, length + 1)
        } else {
            let c = rest.chars().next()?;
            (c, c.len_utf8())
        };
        let end = used + c.len_utf8();
        c.to_ascii_lowercase()
            .encode_utf8(buffer.get_mut(used..end)?);
        used = end;
        rest = &rest[length..];
    }
    std::str::from_utf8(&buffer[..used]).ok()
}

fn values(property: &str, value: &str, declare: &mut dyn FnMut(Property, Value)) {
    let hides = |yes: bool| if yes { Value::Hides } else { Value::Shows };
    let (property, value) = match property {
        "display" => (Property::Display, hides(value == "none")),
        "visibility" => {
            let value = match value {
                "hidden" | "collapse" => Value::Hides,
                "visible" | "initial" => Value::Shows,
                _ => Value::Inherits,
            };
            (Property::Visibility, value)
        }
        "content-visibility" => (Property::ContentVisibility, hides(value == "hidden")),
        "opacity" => (Property::Opacity, hides(is_below(value, 0.02))),
        "filter" | "-webkit-filter" => {
            let inside = value
                .split_once("opacity(")
                .map_or("", |(_, inside)| inside);
            (Property::Filter, hides(is_below(inside, 0.02)))
        }
        "font-size" => (Property::FontSize, font_size(value)),
        "font" => {
            // The size stands before the family, with the line's height after a slash.
            let size = value.split_ascii_whitespace().find_map(|word| {
                let size = word.split('/').next()?;
                size.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                    .then_some(size)
            });
            // A weight is a number without a unit.
            let size = size.filter(|size| number(size).is_some_and(|n| n < 100.0));
            (Property::FontSize, size.map_or(Value::Inherits, font_size))
        }
        "zoom" => (Property::FontSize, hides(is_below(value, 0.05))),
        "letter-spacing" => {
            let far =
                number(value).is_some_and(|n| n <= -0.7 && value.ends_with("em") || n <= -8.0);
            (Property::LetterSpacing, hides(far))
        }
        "text-indent" => {
            let aside = number(value).is_some_and(|n| n.abs() >= 100.0 && value.ends_with('%'));
            (Property::TextIndent, hides(aside || is_far(value)))
        }
        "left" | "inset-inline-start" => (Property::Left, hides(is_far(value))),
        "right" | "inset-inline-end" => (Property::Right, hides(is_far(value) || is_beyond(value))),
        "top" | "inset-block-start" => (Property::Top, hides(is_far(value))),
        "bottom" | "inset-block-end" => {
            (Property::Bottom, hides(is_far(value) || is_beyond(value)))
        }
        "inset" => (Property::Left, hides(value.split(' ').any(is_far))),
        "margin-left" | "margin-inline-start" => (Property::MarginLeft, hides(is_far(value))),
        "margin-top" | "margin-block-start" => (Property::MarginTop, hides(is_far(value))),
        "margin" => (Property::MarginLeft, hides(value.split(' ').any(is_far))),
        "transform" | "-webkit-transform" => (Property::Transform, hides(moves_away(value))),
        "scale" => (Property::Transform, hides(is_below(value, 0.02))),
        "translate" => (Property::Transform, hides(value.split(' ').any(is_far))),
        "clip" => (Property::Clip, hides(cuts_all(value))),
        "clip-path" | "-webkit-clip-path" => {
            let nothing = [
                "inset(50%",
                "inset(100%",
                "circle(0",
                "ellipse(0",
                "polygon(0 0, 0 0",
                "polygon(0 0,0 0",
            ]
            .iter()
            .any(|shape| value.contains(shape))
                || insets_all(value);
            (Property::ClipPath, hides(nothing))
        }
        "width" | "inline-size" => (Property::Width, hides(is_tiny(value))),
        "height" | "block-size" | "line-height" => (Property::Height, hides(is_tiny(value))),
        "max-width" => (Property::MaxWidth, hides(is_tiny(value))),
        "max-height" => (Property::MaxHeight, hides(is_tiny(value))),
        "overflow" | "overflow-x" | "overflow-y" => {
            let clipped = value.starts_with("hidden") || value.starts_with("clip");
            (Property::Overflow, hides(clipped))
        }
        "mask" | "-webkit-mask" | "mask-image" | "-webkit-mask-image" => {
            let clear = value.contains("gradient(")
                && value.contains("transparent")
                && !["#", "black", "white", "rgb", "hsl"]
                    .iter()
                    .any(|ink| value.contains(ink));
            (Property::Mask, hides(clear))
        }
        "animation" | "animation-name" | "transition" | "will-change" => {
            (Property::Moves, hides(value != "none"))
        }
        "color" | "-webkit-text-fill-color" => match colour(value) {
            Some(colour) => (Property::Color, colour),
            None => return,
        },
        "background" | "background-color" | "background-image" => match background(value) {
            Some(colour) => (Property::Background, colour),
            None => return,
        },
        _ => return,
    };
    declare(property, value);
}

/// Too small to be read; a size relative to the text around it shows if it is not 0.
fn font_size(value: &str) -> Value {
    let Some(size) = number(value) else {
        return Value::Inherits;
    };
    if size.abs() < 0.05 {
        Value::Hides
    } else if value.ends_with("rem") {
        if size < 0.1 {
            Value::Hides
        } else {
            Value::Shows
        }
    } else if value.ends_with("em") || value.ends_with('%') {
        Value::Inherits
    } else if size < 1.5 && !value.ends_with("vw") {
        Value::Hides
    } else {
        Value::Shows
    }
}

/// Colours with names, near-white ones among them. Sorted.
const NAMED: [(&str, [u8; 3]); 26] = [
    ("aliceblue", [240, 248, 255]),
    ("azure", [240, 255, 255]),
    ("black", [0, 0, 0]),
    ("blue", [0, 0, 255]),
    ("darkgray", [169, 169, 169]),
    ("floralwhite", [255, 250, 240]),
    ("ghostwhite", [248, 248, 255]),
    ("gray", [128, 128, 128]),
    ("green", [0, 128, 0]),
    ("grey", [128, 128, 128]),
    ("honeydew", [240, 255, 240]),
    ("ivory", [255, 255, 240]),
    ("lightgray", [211, 211, 211]),
    ("lightgrey", [211, 211, 211]),
    ("lightyellow", [255, 255, 224]),
    ("mintcream", [245, 255, 250]),
    ("navy", [0, 0, 128]),
    ("orange", [255, 165, 0]),
    ("purple", [128, 0, 128]),
    ("red", [255, 0, 0]),
    ("seashell", [255, 245, 238]),
    ("silver", [192, 192, 192]),
    ("snow", [255, 250, 250]),
    ("white", [255, 255, 255]),
    ("whitesmoke", [245, 245, 245]),
    ("yellow", [255, 255, 0]),
];

/// A text's colour: one that is all but transparent hides.
pub(super) fn colour(value: &str) -> Option<Value> {
    let word = value.trim();
    match word {
        "" => return None,
        "inherit" | "initial" | "unset" | "currentcolor" | "revert" => {
            return Some(Value::Inherits);
        }
        "transparent" => return Some(Value::Hides),
        _ => {}
    }
    if let Some(hex) = word.strip_prefix('#') {
        return Some(hexadecimal(hex).unwrap_or(Value::Unknown));
    }
    if let Ok(at) = NAMED.binary_search_by_key(&word, |(name, _)| name) {
        return Some(Value::Colour(NAMED[at].1));
    }
    Some(function(word).unwrap_or(Value::Unknown))
}

fn hexadecimal(hex: &str) -> Option<Value> {
    let number = u32::from_str_radix(hex, 16).ok()?;
    let byte = |shift: u32| (number >> shift).to_le_bytes()[0];
    let nibble = |shift: u32| (byte(shift) & 0xF) * 17;
    let (rgb, alpha) = match hex.len() {
        3 => ([nibble(8), nibble(4), nibble(0)], 255),
        4 => ([nibble(12), nibble(8), nibble(4)], nibble(0)),
        6 => ([byte(16), byte(8), byte(0)], 255),
        8 => ([byte(24), byte(16), byte(8)], byte(0)),
        _ => return None,
    };
    Some(with_alpha(rgb, f32::from(alpha) / 255.0))
}

/// `rgb()` and `hsl()`, of which the latter only where it is black or white.
fn function(word: &str) -> Option<Value> {
    let (name, inside) = word.strip_suffix(')')?.split_once('(')?;
    let mut numbers = inside
        .split([',', ' ', '/'])
        .filter(|part| !part.is_empty())
        .map(|part| {
            let n = number(part)?;
            Some(if part.ends_with('%') { n / 100.0 } else { n })
        });
    let mut next = || numbers.next().flatten();
    let (first, second, third) = (next()?, next()?, next()?);
    let alpha = next().unwrap_or(1.0);
    let percent = inside.contains('%');
    let rgb = match name {
        "rgb" | "rgba" => [first, second, third].map(|n| {
            let n = if percent { n * 255.0 } else { n };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped"
            )]
            let byte = n.clamp(0.0, 255.0) as u8;
            byte
        }),
        "hsl" | "hsla" if third >= 0.99 => [255; 3],
        "hsl" | "hsla" if third <= 0.01 => [0; 3],
        _ if alpha < 0.05 => [0; 3],
        _ => return None,
    };
    Some(with_alpha(rgb, alpha))
}

fn with_alpha(rgb: [u8; 3], alpha: f32) -> Value {
    if alpha < 0.05 {
        Value::Hides
    } else if alpha < 0.95 {
        // What shines through is not known here.
        Value::Unknown
    } else {
        Value::Colour(rgb)
    }
}

/// A background's colour; where there is a picture too, it is not known.
fn background(value: &str) -> Option<Value> {
    if value.contains("url(") || value.contains("gradient(") || value.contains("image") {
        return Some(Value::Unknown);
    }
    if matches!(
        value,
        "none" | "inherit" | "initial" | "0" | "0 0" | "unset"
    ) {
        return None;
    }
    let mut found = Some(Value::Unknown);
    if value.contains('(') {
        found = colour(value);
    } else {
        for word in value.split_ascii_whitespace() {
            match colour(word) {
                Some(Value::Unknown) | None => {}
                known => found = known,
            }
        }
    }
    // A transparent background shows what is behind it.
    found.filter(|value| !matches!(value, Value::Hides | Value::Inherits))
}

/// Whether a text in one colour cannot be read on the other.
pub(super) fn is_same(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| one.abs_diff(other) <= 10)
}
