//! Which sentences of a story become which part of its draft.

use super::sentence::Pool;

/// Sentences by their number in the pool.
#[derive(Debug)]
pub(super) struct Choice {
    /// One or two.
    pub(super) lede: Vec<usize>,
    /// The one under the title, if there are enough to have one.
    pub(super) summary: Option<usize>,
    /// Up to three sections, each in the order of the sources; the last one looks ahead.
    pub(super) sections: Vec<Vec<usize>>,
}

/// Words of the whole draft, at most; a short source gives this share of its own words.
const WORDS: usize = 260;
const SHARE: f64 = 0.6;

/// Words of the lede, at most, if it has two sentences.
const LEDE: usize = 55;

/// Words of the last section, at least, where there are enough.
const CLOSING: usize = 40;

/// Two sentences that are more alike say the same; about half of the weight of their
/// words is shared then.
const SAME: f64 = 0.5;

/// The more alike a sentence is to one that is chosen, the less it adds.
const NOVELTY: f64 = 0.7;

/// What a sentence gains that stands at the start of the lead source; the fifth block
/// gains half of it.
const PLACE: f64 = 0.6;
/// What all sentences gain, so that novelty does not turn a worth negative.
const LEAD: f64 = 0.1;

/// What a sentence keeps of its worth when the one it leans on is not chosen.
const LEANING: f64 = 0.2;

/// Words that speak of what is to come, in lower case, sorted.
const AHEAD: &[&str] = &[
    "ahead",
    "après-demain",
    "demain",
    "demnächst",
    "expected",
    "expects",
    "geplant",
    "künftig",
    "manana",
    "mañana",
    "morgen",
    "next",
    "plans",
    "prochain",
    "prochaine",
    "próxima",
    "próximo",
    "remains",
    "scheduled",
    "se espera",
    "sera",
    "seront",
    "será",
    "serán",
    "soll",
    "sollen",
    "tomorrow",
    "unclear",
    "unless",
    "until",
    "upcoming",
    "werden",
    "will",
    "wird",
    "계획이다",
    "예정이다",
    "전망이다",
];

impl Choice {
    /// Chooses from the pool, which is empty only when the story has no text.
    pub(super) fn new(pool: &Pool) -> Self {
        let mut picker = Picker {
            pool,
            taken: vec![false; pool.sentences.len()],
            summary: None,
            nearest: vec![0.0; pool.sentences.len()],
        };
        let lede = picker.lede();
        let summary = (pool.sentences.len() > lede.len() + 1)
            .then(|| picker.summary())
            .flatten();
        let all: usize = pool.sentences.iter().map(|sentence| sentence.words).sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a count of words"
        )]
        let most = WORDS.min((all as f64 * SHARE) as usize);
        let used: usize = lede
            .iter()
            .chain(&summary)
            .map(|&at| pool.sentences[at].words)
            .sum();
        let room = most.saturating_sub(used);
        let closing = if room > 2 * CLOSING {
            picker.closing()
        } else {
            Vec::new()
        };
        let body = picker.body(room.saturating_sub(pool.words(&closing)));
        let mut sections = parted(pool, body);
        if !closing.is_empty() {
            sections.push(closing);
        }
        Self {
            lede,
            summary,
            sections,
        }
    }
}

impl Pool<'_> {
    fn words(&self, picked: &[usize]) -> usize {
        picked.iter().map(|&at| self.sentences[at].words).sum()
    }

    /// The sentence that this one leans on, if it is whole.
    fn before(&self, at: usize) -> Option<usize> {
        let before = at.checked_sub(1)?;
        let (one, other) = (&self.sentences[before], &self.sentences[at]);
        (one.source == other.source && one.order + 1 == other.order).then_some(before)
    }
}

struct Picker<'a> {
    pool: &'a Pool<'a>,
    taken: Vec<bool>,
    /// The summary stands apart: nothing in the text can lean on it.
    summary: Option<usize>,
    /// How alike each sentence is to the nearest one that is taken.
    nearest: Vec<f64>,
}

impl Picker<'_> {
    /// The first sentence of the lead source, and the second when both are short.
    fn lede(&mut self) -> Vec<usize> {
        let sentences = &self.pool.sentences;
        let first = sentences
            .iter()
            .take_while(|sentence| sentence.place < 3)
            .position(|sentence| sentence.source == 0 && !sentence.leans)
            .unwrap_or(0);
        let Some(sentence) = sentences.get(first) else {
            return Vec::new();
        };
        let mut lede = vec![first];
        // With fewer sentences than this, the rest is needed elsewhere.
        if sentences.len() > 4
            && let Some(second) = sentences.get(first + 1)
            && self.pool.before(first + 1) == Some(first)
            && sentence.words + second.words <= LEDE
        {
            lede.push(first + 1);
        }
        for &at in &lede {
            self.take(at);
        }
        lede
    }

    /// The one sentence that says most, of middle length and standing alone.
    fn summary(&mut self) -> Option<usize> {
        const WORDS: std::ops::RangeInclusive<usize> = 9..=40;
        let stands = |at: &usize| {
            let sentence = &self.pool.sentences[*at];
            !sentence.leans
                && WORDS.contains(&sentence.words)
                && !sentence
                    .text
                    .starts_with(['"', '“', '‘', '„', '«', '»', '「'])
                && !sentence.text.ends_with('?')
        };
        let best = self
            .best(|at| stands(&at))
            .or_else(|| self.best(|at| !self.pool.sentences[at].leans))
            .or_else(|| self.best(|_| true))?;
        self.take(best);
        self.summary = Some(best);
        Some(best)
    }

    /// What the lead source says near its end about what comes, else its last word of
    /// weight, in one to three sentences.
    fn closing(&mut self) -> Vec<usize> {
        let sentences = &self.pool.sentences;
        let last_place = sentences
            .iter()
            .filter(|sentence| sentence.source == 0)
            .map(|sentence| sentence.place)
            .max()
            .unwrap_or(0);
        let late = |at: usize| {
            let sentence = &sentences[at];
            sentence.source == 0 && sentence.place * 3 > last_place * 2
        };
        let Some(first) = self
            .best(|at| late(at) && looks_ahead(sentences[at].text) && !sentences[at].leans)
            .or_else(|| self.best(|at| late(at) && !sentences[at].leans))
        else {
            return Vec::new();
        };
        let mut closing = vec![first];
        self.take(first);
        while closing.len() < 3 && self.pool.words(&closing) < CLOSING {
            let next = closing[closing.len() - 1] + 1;
            let follows =
                next < sentences.len() && !self.taken[next] && self.pool.before(next).is_some();
            let more = if follows && self.worth(next).is_some() {
                Some(next)
            } else {
                self.best(|at| at > first && late(at) && !sentences[at].leans)
            };
            let Some(more) = more else { break };
            self.take(more);
            closing.push(more);
        }
        closing.sort_unstable();
        closing
    }

    /// The best of the rest, up to so many words, in the order of the sources.
    fn body(&mut self, room: usize) -> Vec<usize> {
        let mut body: Vec<usize> = Vec::new();
        let mut left = room;
        // Each other source is there for what it alone says.
        let sources = self
            .pool
            .sentences
            .last()
            .map_or(0, |sentence| sentence.source);
        for source in 1..=sources {
            let own = |at: usize| {
                let sentence = &self.pool.sentences[at];
                sentence.source == source && sentence.words <= left
            };
            if let Some(at) = self.best(|at| own(at) && self.is_supported(at)) {
                self.take(at);
                left -= self.pool.sentences[at].words;
                body.push(at);
            }
        }
        loop {
            let fits = |at: usize| self.pool.sentences[at].words <= left;
            // What leans on nothing is taken only where little else is.
            let poor = body.is_empty() || left * 2 > room;
            let next = self
                .best(|at| fits(at) && self.is_supported(at))
                .or_else(|| self.best(|at| poor && fits(at)))
                .or_else(|| self.best(|_| body.is_empty()));
            let Some(at) = next else { break };
            self.take(at);
            left = left.saturating_sub(self.pool.sentences[at].words);
            body.push(at);
        }
        body.sort_unstable();
        body
    }

    fn take(&mut self, taken: usize) {
        self.taken[taken] = true;
        for (at, nearest) in self.nearest.iter_mut().enumerate() {
            *nearest = nearest.max(self.pool.alike(at, taken));
        }
    }

    /// The best sentence that is free and allowed.
    fn best(&self, allowed: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for at in 0..self.taken.len() {
            if self.taken[at] || !allowed(at) {
                continue;
            }
            if let Some(worth) = self.worth(at)
                && best.is_none_or(|(most, _)| worth > most)
            {
                best = Some((worth, at));
            }
        }
        best.map(|(_, at)| at)
    }

    /// Whether a sentence stands alone, or the one that it leans on is taken.
    fn is_supported(&self, at: usize) -> bool {
        !self.pool.sentences[at].leans
            || self
                .pool
                .before(at)
                .is_some_and(|before| self.taken[before] && self.summary != Some(before))
    }

    /// What a sentence adds to those that are taken; nothing if one of them says it.
    fn worth(&self, at: usize) -> Option<f64> {
        let sentence = &self.pool.sentences[at];
        let nearest = self.nearest[at];
        if nearest > SAME {
            return None;
        }
        // News says first what happened; the start of another source says it again.
        let place = if sentence.source == 0 {
            LEAD + PLACE / (1.0 + sentence.place as f64 / 4.0)
        } else {
            LEAD
        };
        let supported = self.is_supported(at);
        let asks = if sentence.text.ends_with('?') {
            0.5
        } else {
            1.0
        };
        let base = sentence.salience + place - NOVELTY * nearest;
        let base = base
            - if sentence.source == 0 {
                0.0
            } else {
                NOVELTY * nearest
            };
        Some(base * asks * if supported { 1.0 } else { LEANING })
    }
}

/// Parts the body into two sections where the source does, or else where it leaves most
/// out, if it is long enough for two.
fn parted(pool: &Pool, body: Vec<usize>) -> Vec<Vec<usize>> {
    const LEAST: usize = 2;
    if body.is_empty() {
        return Vec::new();
    }
    if body.len() < 2 * LEAST || pool.words(&body) < 80 {
        return vec![body];
    }
    let gap = |at: usize| {
        let (one, other) = (&pool.sentences[body[at - 1]], &pool.sentences[body[at]]);
        let turns = one.source != other.source || one.heading != other.heading;
        // A sentence that leans stays with what it leans on.
        let apart = if other.leans {
            0
        } else {
            body[at] - body[at - 1]
        };
        (turns, apart)
    };
    let cut = (LEAST..=body.len() - LEAST)
        .max_by_key(|&at| (gap(at), std::cmp::Reverse(at.abs_diff(body.len() / 2))))
        .unwrap_or(LEAST);
    let (first, second) = body.split_at(cut);
    vec![first.to_vec(), second.to_vec()]
}

fn looks_ahead(sentence: &str) -> bool {
    super::rank::terms(sentence)
        .iter()
        .any(|word| AHEAD.binary_search(&word.as_str()).is_ok())
        || AHEAD.iter().any(|word| {
            !word.is_ascii() && word.chars().all(super::rank::in_pairs) && sentence.contains(word)
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::AHEAD.is_sorted());
    }
}
