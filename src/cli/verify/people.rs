//! The report of `prism verify` for a person at a terminal: each finding with its
//! sentence, the words underlined, and the passage of the source below.

use unicode_width::UnicodeWidthChar;

use crate::{
    text::{Points, one_line},
    verify::{
        Severity, Verdict,
        external::{Answer, AnswerFinding, AnswerPassage, AnswerSentence, Row},
    },
};

/// Columns of a line; terminals are seldom narrower, and longer lines are hard to read.
const COLUMNS: usize = 80;

/// Columns before a sentence or passage.
const INDENT: usize = 4;

/// Characters of a passage that are shown.
const PASSAGE: usize = 400;

/// The whole report.
pub(super) fn report(row: &Row, answer: &Answer, with_evidence: bool) -> String {
    let mut out = String::new();
    let chars: Vec<char> = row.text.chars().collect();
    for finding in &answer.findings {
        out += &one_finding(row, answer, finding, &chars);
        out.push('\n');
    }
    if with_evidence {
        for sentence in &answer.sentences {
            out += &one_sentence(sentence);
            out.push('\n');
        }
    }
    out + &summary(row, answer)
}

fn one_finding(row: &Row, answer: &Answer, finding: &AnswerFinding, chars: &[char]) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let line = 1 + chars[..finding.points.start]
        .iter()
        .filter(|c| **c == '\n')
        .count();
    let mut out = format!(
        "{}:{line}: {severity}: {}\n",
        row.id,
        one_line(&finding.message)
    );
    out += &underlined(chars, around(answer, finding.points), finding.points);
    if let Some(closest) = &finding.closest {
        out += &passage(closest);
    }
    out
}

/// The sentences that the finding stands in.
fn around(answer: &Answer, finding: Points) -> Points {
    let touched = answer
        .sentences
        .iter()
        .map(|sentence| sentence.points)
        .filter(|s| s.start < finding.end && finding.start < s.end);
    touched.fold(finding, |all, sentence| Points {
        start: all.start.min(sentence.start),
        end: all.end.max(sentence.end),
    })
}

fn one_sentence(sentence: &AnswerSentence) -> String {
    let mut out = format!("{:3.0} %  ", 100.0 * sentence.covered);
    out += &wrapped(&one_line(&sentence.text), "       ");
    for evidence in &sentence.evidence {
        out += &passage(evidence);
    }
    if sentence.evidence.is_empty() {
        out += "    no passage of a source shares a word with it\n";
    }
    out
}

fn passage(passage: &AnswerPassage) -> String {
    let whole = one_line(&passage.text);
    let mut text: String = whole.chars().take(PASSAGE).collect();
    if text.len() < whole.len() {
        text.push('…');
    }
    let lead = format!("{}{}: ", " ".repeat(INDENT), passage.source);
    let indent = " ".repeat(lead.len());
    lead + &wrapped(&text, &indent)
}

fn summary(row: &Row, answer: &Answer) -> String {
    let errors = answer
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    let verdict = match answer.verdict {
        Verdict::Supported => "supported",
        Verdict::Unsupported => "unsupported",
    };
    let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let mut out = format!(
        "{}: {verdict}, {}, {}\n",
        row.id,
        counted(errors, "error"),
        counted(answer.findings.len() - errors, "warning")
    );
    if let Some(copying) = answer.copying {
        out += &format!(
            "{}: at most {} in a row are a source's, {:.0} % of the 8-word runs\n",
            row.id,
            counted(copying.longest_run, "word"),
            100.0 * copying.share
        );
    }
    for missing in &answer.unchecked {
        out += &format!("{}: not checked: {}\n", row.id, missing.describe());
    }
    out
}

/// A character that a terminal can show, and whether it is underlined.
type Shown = (char, bool);

/// The text at `shown`, wrapped, with `^` under the part at `marked`.
fn underlined(chars: &[char], shown: Points, marked: Points) -> String {
    let mut words: Vec<Vec<Shown>> = vec![Vec::new()];
    for (at, c) in chars.iter().enumerate().take(shown.end).skip(shown.start) {
        if c.is_whitespace() {
            words.push(Vec::new());
        } else if !c.is_control()
            && let Some(word) = words.last_mut()
        {
            word.push((*c, marked.start <= at && at < marked.end));
        }
    }
    words.retain(|word| !word.is_empty());
    let mut out = String::new();
    let mut line: Vec<Shown> = Vec::new();
    for word in words {
        if !line.is_empty() {
            if INDENT + width(&line) + 1 + width(&word) > COLUMNS {
                out += &marked_line(&line);
                line.clear();
            } else {
                // The blank between two underlined words is underlined too.
                let both = line.last().is_some_and(|c| c.1) && word[0].1;
                line.push((' ', both));
            }
        }
        line.extend(word);
    }
    out + &marked_line(&line)
}

fn width(line: &[Shown]) -> usize {
    line.iter().map(|(c, _)| c.width().unwrap_or(0)).sum()
}

fn marked_line(line: &[Shown]) -> String {
    let indent = " ".repeat(INDENT);
    let text: String = line.iter().map(|(c, _)| c).collect();
    let mut out = format!("{indent}{text}\n");
    if line.iter().any(|(_, marked)| *marked) {
        let marks: String = line
            .iter()
            .flat_map(|(c, marked)| {
                let sign = if *marked { '^' } else { ' ' };
                std::iter::repeat_n(sign, c.width().unwrap_or(0))
            })
            .collect();
        out += &format!("{indent}{}\n", marks.trim_end());
    }
    out
}

/// Text broken into lines; those after the first begin with `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut column = indent.len();
    for (nth, word) in text.split(' ').enumerate() {
        let width: usize = word.chars().map(|c| c.width().unwrap_or(0)).sum();
        if nth > 0 && column + 1 + width > COLUMNS {
            out += "\n";
            out += indent;
            column = indent.len();
        } else if nth > 0 {
            out.push(' ');
            column += 1;
        }
        out += word;
        column += width;
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_underlined_where_a_terminal_shows_them() {
        let chars: Vec<char> = "다리가 열린다 today".chars().collect();
        let all = Points { start: 0, end: 13 };
        let marked = Points { start: 4, end: 7 };
        assert_eq!(
            underlined(&chars, all, marked),
            "    다리가 열린다 today\n           ^^^^^^\n"
        );
    }

    #[test]
    fn long_sentences_are_wrapped_and_keep_their_marks() {
        let text = "word ".repeat(30);
        let chars: Vec<char> = text.trim_end().chars().collect();
        let all = Points {
            start: 0,
            end: chars.len(),
        };
        let shown = underlined(
            &chars,
            all,
            Points {
                start: 75,
                end: 149,
            },
        );
        assert!(shown.lines().all(|line| line.len() <= COLUMNS), "{shown}");
        // Exactly the marked words and the blanks between them on one line.
        assert_eq!(shown.matches('^').count(), 74, "{shown}");
    }
}
