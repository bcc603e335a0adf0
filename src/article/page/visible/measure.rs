//! Lengths and shapes in styles, as far as they say that nothing is left to see.

/// The number that a value begins with.
pub(super) fn number(value: &str) -> Option<f32> {
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
        .unwrap_or(value.len());
    value[..end].parse().ok()
}

/// Whether the number is smaller than `most`, whatever its sign.
pub(super) fn is_below(value: &str, most: f32) -> bool {
    number(value).is_some_and(|n| n.abs() < most)
}

/// A box of no size, but for a line.
pub(super) fn is_tiny(value: &str) -> bool {
    number(value).is_some_and(|n| {
        n.abs() < 0.01 || n.abs() < 1.5 && (value.ends_with("px") || value.ends_with("pt"))
    })
}

/// Whether an offset from the right or the bottom leads out of the page.
pub(super) fn is_beyond(value: &str) -> bool {
    let relative = ["%", "vw", "vh"].iter().any(|unit| value.ends_with(unit));
    relative && number(value).is_some_and(|n| n >= 150.0)
}

/// Whether `rect(top, right, bottom, left)` leaves nothing, or a pixel.
pub(super) fn cuts_all(value: &str) -> bool {
    let Some(inside) = value
        .strip_prefix("rect(")
        .and_then(|v| v.strip_suffix(')'))
    else {
        return false;
    };
    let sides: Vec<Option<f32>> = inside
        .split([',', ' '])
        .filter(|side| !side.is_empty())
        .map(number)
        .collect();
    // `auto` is an edge of the element itself.
    let [top, right, bottom, left] = sides[..] else {
        return false;
    };
    let narrow =
        |from: Option<f32>, to: Option<f32>| to.is_some_and(|to| to <= from.unwrap_or(0.0) + 1.0);
    narrow(left, right) || narrow(top, bottom)
}

/// Whether `inset()` cuts from two opposite sides all that there is.
pub(super) fn insets_all(value: &str) -> bool {
    let Some((_, inside)) = value.split_once("inset(") else {
        return false;
    };
    let inside = inside.split([')', 'r']).next().unwrap_or("");
    let share = |side: &str| number(side).filter(|_| side.ends_with('%')).unwrap_or(0.0);
    let sides: Vec<f32> = inside.split_ascii_whitespace().map(share).collect();
    let (top, right, bottom, left) = match sides[..] {
        [all] => (all, all, all, all),
        [block, inline] => (block, inline, block, inline),
        [top, inline, bottom] => (top, inline, bottom, inline),
        [top, right, bottom, left] => (top, right, bottom, left),
        _ => return false,
    };
    top + bottom >= 100.0 || left + right >= 100.0
}

/// Whether the offset leads out of every screen.
pub(super) fn is_far(value: &str) -> bool {
    if let Some(inside) = value.strip_prefix("calc(") {
        // Any far number in it, taken as it is written.
        return inside.contains('-')
            && inside
                .split(|c: char| !(c.is_ascii_digit() || c == '.'))
                .filter_map(number)
                .any(|n| n >= 2_000.0);
    }
    number(value).is_some_and(|n| {
        n <= -900.0
            || (n <= -90.0
                && (value.ends_with("em") || value.ends_with("vw") || value.ends_with("vh")))
            || (n <= -1_000.0 && value.ends_with('%'))
            || n > 5_000.0
    })
}

/// Whether a transformation leaves nothing to see.
pub(super) fn moves_away(value: &str) -> bool {
    value.split(')').any(|function| {
        let Some((name, inside)) = function.split_once('(') else {
            return false;
        };
        let mut numbers = inside.split(',').map(str::trim);
        match name.trim() {
            "scale" | "scalex" | "scaley" | "scale3d" => numbers.any(|n| is_below(n, 0.02)),
            "matrix" => numbers.next().is_some_and(|n| is_below(n, 0.02)),
            name if name.starts_with("translate") => numbers.any(is_far),
            "rotatex" | "rotatey" => matches!(inside, "90deg" | "-90deg"),
            _ => false,
        }
    })
}
