//! Which characters a text is made of, in any script.

/// Which characters a text is made of.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shape {
    /// Letters of any script.
    pub(crate) letters: u32,
    /// Capital letters.
    pub(crate) upper: u32,
    /// Small letters.
    pub(crate) lower: u32,
    /// Digits.
    pub(crate) digits: u32,
    /// Spaces.
    pub(crate) spaces: u32,
    /// Commas.
    pub(crate) commas: u32,
    /// Ends of sentences.
    pub(crate) stops: u32,
    /// Quotation marks.
    pub(crate) quotes: u32,
    /// Signs of menus, links and rights.
    pub(crate) odd: u32,
    /// Whether it begins with a small letter.
    pub(crate) first_lower: bool,
    /// Whether it begins with a letter or digit.
    pub(crate) first_letter: bool,
    /// Runs of four digits that can be a year.
    pub(crate) years: u32,
    /// Digits on both sides of a colon, as in 9:30.
    pub(crate) clocks: u32,
}

impl Shape {
    /// Counts the characters of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let (mut run, mut colon) = (0_u32, false);
        let mut century = false;
        for (at, c) in text.chars().enumerate() {
            if c.is_ascii_digit() {
                run += 1;
                shape.clocks += u32::from(run == 1 && colon);
                century = match run {
                    1 => matches!(c, '1' | '2'),
                    2 => century && matches!(c, '9' | '0'),
                    _ => century,
                };
                colon = false;
            } else {
                shape.years += u32::from(run == 4 && century);
                colon = c == ':' && run > 0;
                run = 0;
            }
            if c.is_ascii_lowercase() {
                shape.letters += 1;
                shape.lower += 1;
            } else if c == ' ' {
                shape.spaces += 1;
            } else {
                // The marks stand first, since a table has to be asked about letters.
                match c {
                    ',' | '、' | '\u{ff0c}' | '،' => shape.commas += 1,
                    '.' | '!' | '?' | '。' | '\u{ff01}' | '\u{ff1f}' | '؟' | '।' | '…' => {
                        shape.stops += 1;
                    }
                    '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '’' | '\'' => {
                        shape.quotes += 1;
                    }
                    '|' | '©' | '›' | '•' | '/' | '@' | '#' | '_' | '+' | '→' | '>' => {
                        shape.odd += 1;
                    }
                    _ if c.is_alphabetic() => {
                        shape.letters += 1;
                        shape.upper += u32::from(c.is_uppercase());
                        shape.lower += u32::from(c.is_lowercase());
                    }
                    _ if c.is_numeric() => shape.digits += 1,
                    _ => {}
                }
            }
            if at == 0 {
                shape.first_lower = c.is_lowercase();
                shape.first_letter = c.is_alphanumeric();
            }
        }
        shape.years += u32::from(run == 4 && century);
        shape
    }
}
