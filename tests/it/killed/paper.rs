//! A made-up paper of sixty articles and a model that writes of them. Both misbehave now
//! and then, and remember what they were asked.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use crate::models::{chat, said};

const ARTICLES: usize = 60;

/// Numbers that a seed decides (`SplitMix64`).
pub(super) struct Draws(pub(super) u64);

impl Draws {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % most as u64).unwrap()
    }

    pub(super) fn millis(&mut self, most: usize) -> Duration {
        Duration::from_millis(self.below(most) as u64)
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// What the paper does when it is asked for an article.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Page {
    Whole,
    Slow,
    BusyOnce,
    Gone,
    Consent,
}

/// What the model does when it is first asked about an article.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mood {
    Well,
    Busy,
    Broken,
    Prose,
    Silent,
    Cut,
}

pub(super) struct Article {
    pub(super) page: Page,
    pub(super) mood: Mood,
    place: String,
    title: String,
    paragraphs: Vec<String>,
    pub(super) answer: Value,
}

fn article(n: usize, draws: &mut Draws) -> Article {
    const FRONT: [&str; 8] = ["Bran", "Crow", "Fen", "Gar", "Hol", "Mar", "Ost", "Wick"];
    const BACK: [&str; 8] = [
        "bury", "combe", "dale", "ford", "mouth", "ness", "thorpe", "wold",
    ];
    let place = format!("{}{}", FRONT[n / 8], BACK[n % 8]);
    let thing = draws.of(&[
        "library",
        "market hall",
        "swimming bath",
        "bridge",
        "ferry pier",
    ]);
    let spot = draws.of(&["corn exchange", "tannery", "railway yard", "fish market"]);
    let first = draws.of(&["Marit", "Jonas", "Edda", "Tomas", "Ilse"]);
    let last = draws.of(&["Ollander", "Weir", "Kestrin", "Brandal", "Hoyle"]);
    let month = draws.of(&["March", "April", "May", "June"]);
    let (yes, no) = (14 + draws.below(9), 2 + draws.below(11));
    let (cost, part) = (20 + draws.below(70), 3 + draws.below(15));
    let (people, jobs) = (4000 + draws.below(5000), 40 + draws.below(300));
    let (days, years) = (30 + draws.below(60), 5 + draws.below(20));
    let pages = [
        (7, Page::Gone),
        (13, Page::BusyOnce),
        (19, Page::Consent),
        (25, Page::Slow),
        (31, Page::Gone),
        (37, Page::BusyOnce),
        (43, Page::Consent),
        (49, Page::Slow),
    ];
    let moods = [
        (1, Mood::Busy),
        (3, Mood::Broken),
        (5, Mood::Prose),
        (8, Mood::Silent),
        (10, Mood::Cut),
    ];
    Article {
        page: pages
            .iter()
            .find(|one| one.0 == n)
            .map_or(Page::Whole, |one| one.1),
        mood: moods
            .iter()
            .find(|one| one.0 == n % 12)
            .map_or(Mood::Well, |one| one.1),
        title: format!("{place} votes for a new {thing}"),
        paragraphs: vec![
            format!(
                "The council of {place} voted {yes} to {no} late on Tuesday to build a new {thing} beside the old {spot}, at the end of a debate that had filled the hall and two of the corridors outside."
            ),
            format!(
                "The {thing} will cost €{cost} million. Of this the regional fund bears €{part} million, and the first work is to begin in {month}, once the ground beside the {spot} has dried out."
            ),
            format!(
                "“We have waited for this for {years} years, and nobody in this hall wants to wait for another winter,” said {first} {last}, who leads the council and had written the plan."
            ),
            format!(
                "Some {jobs} people are expected to work on the site, most of them from {place} itself, and the builders have promised that local firms will be asked before any others."
            ),
            format!(
                "Opponents said that the price was too high for a town of {people} people. They asked for a second report on the traffic in the narrow streets around the {spot}, which must be ready within {days} days."
            ),
        ],
        answer: json!({
            "category": "Politics",
            "keyphrase": format!("new {thing}"),
            "title": format!("{place} is to have a new {thing}"),
            "summary": format!("{place} has decided, by {yes} votes to {no}, on a new {thing}."),
            "lede": format!("The price is €{cost} million. {first} {last} had planned it."),
            "sections": [
                {"heading": "Who pays", "paragraphs": [format!("A regional fund gives €{part} million.")]},
                {"heading": "What is still open", "paragraphs": [format!("A report on traffic is due in {days} days.")]}
            ],
            "quote": 1,
            "quote_after": 1
        }),
        place,
    }
}

/// Rings when so many further requests have come.
pub(super) struct Alarm {
    left: usize,
    /// Whether only requests to the model count.
    of_the_model: bool,
    ring: mpsc::Sender<()>,
}

/// What the server remembers.
#[derive(Default)]
pub(super) struct Seen {
    alarm: Option<Alarm>,
    feeds: usize,
    /// How often each page was asked for.
    pages: HashMap<usize, usize>,
    /// What was first asked about each article, and how often.
    first: HashMap<usize, (Vec<u8>, usize)>,
    /// The runs in which each request for an answer was answered, and so billed.
    pub(super) answered: HashMap<Vec<u8>, Vec<usize>>,
    /// The keys of the answers that the store had when a run died.
    pub(super) kept: HashSet<String>,
    /// Those of them that were asked for all the same.
    pub(super) asked_anew: Vec<String>,
}

/// The paper and the model.
#[derive(Clone)]
pub(super) struct World {
    base: String,
    pub(super) articles: Arc<Vec<Article>>,
    pub(super) seen: Arc<Mutex<Seen>>,
}

impl World {
    pub(super) fn new(draws: &mut Draws, port: u16) -> Self {
        let articles = (0..ARTICLES).map(|n| article(n, draws)).collect();
        Self {
            base: format!("http://127.0.0.1:{port}"),
            articles: Arc::new(articles),
            seen: Arc::default(),
        }
    }

    pub(super) fn alarm_after(&self, left: usize, of_the_model: bool) -> mpsc::Receiver<()> {
        let (ring, rings) = mpsc::channel();
        self.seen.lock().unwrap().alarm = Some(Alarm {
            left,
            of_the_model,
            ring,
        });
        rings
    }

    fn feed(&self) -> ResponseTemplate {
        let base = &self.base;
        let mut items = String::new();
        for (n, Article { title, .. }) in self.articles.iter().enumerate() {
            items += &format!(
                "<item><title>{title}</title><link>{base}/news/{n}</link><guid isPermaLink=\"false\">n{n}</guid></item>"
            );
        }
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>The Loopback Post</title>{items}</channel></rss>"
        );
        ResponseTemplate::new(200).set_body_raw(feed, "application/rss+xml")
    }

    fn page(&self, n: usize, times: usize) -> ResponseTemplate {
        let article = &self.articles[n];
        let html = |title: &str, body: &str| {
            let page = format!(
                "<!doctype html><html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
            );
            ResponseTemplate::new(200).set_body_raw(page, "text/html; charset=utf-8")
        };
        let text = format!("<p>{}</p>", article.paragraphs.join("</p><p>"));
        match article.page {
            Page::Gone => ResponseTemplate::new(404),
            Page::BusyOnce if times == 1 => ResponseTemplate::new(503),
            Page::Consent => html(
                "Before you continue",
                "<p>We and our partners use cookies to store and read data on your device. Do you accept cookies and the use of your personal data?</p><button>Accept all</button><button>Manage settings</button>",
            ),
            Page::Slow => html(&article.title, &text).set_delay(Duration::from_millis(250)),
            Page::Whole | Page::BusyOnce => html(&article.title, &text),
        }
    }

    fn says(&self, request: &Request, run: usize, seen: &mut Seen) -> ResponseTemplate {
        let asked = String::from_utf8_lossy(&request.body);
        let n = self
            .articles
            .iter()
            .position(|article| asked.contains(&article.place))
            .expect("a prompt is about an article");
        let article = &self.articles[n];
        let key = request.headers["idempotency-key"].to_str().unwrap();
        if seen.kept.contains(key) {
            seen.asked_anew.push(key.to_owned());
        }
        let first = seen.first.entry(n).or_insert((request.body.clone(), 0));
        let mood = if first.0 == request.body {
            first.1 += 1;
            article.mood
        } else {
            Mood::Well
        };
        let raw = |text: &str, finish| ResponseTemplate::new(200).set_body_json(chat(text, finish));
        let answer = match mood {
            Mood::Busy if first.1 == 1 => {
                return ResponseTemplate::new(429).insert_header("retry-after-ms", "30");
            }
            Mood::Broken if first.1 == 1 => return ResponseTemplate::new(500),
            Mood::Prose => raw("I would rather talk about the weather.", "stop"),
            Mood::Silent => raw("", "stop"),
            Mood::Cut => raw("{\"category\": \"Poli", "length"),
            Mood::Well | Mood::Busy | Mood::Broken => said(&article.answer),
        };
        let answers = seen.answered.entry(request.body.clone()).or_default();
        answers.push(run);
        answer.set_delay(Duration::from_millis(5 + n as u64 % 25))
    }
}

impl Respond for World {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut seen = self.seen.lock().unwrap();
        let path = request.url.path();
        // Each run has a name of its own, since the dead go on asking for a moment.
        let agent = request.headers["user-agent"].to_str().unwrap();
        let run = agent.strip_prefix("run-").unwrap().parse().unwrap();
        let answer = if path == "/feed" {
            seen.feeds += 1;
            let wait = Duration::from_secs(if seen.feeds == 1 { 20 } else { 0 });
            self.feed().set_delay(wait)
        } else if let Some(n) = path.strip_prefix("/news/") {
            let n = n.parse().unwrap();
            let times = seen.pages.entry(n).or_default();
            *times += 1;
            self.page(n, *times)
        } else {
            self.says(request, run, &mut seen)
        };
        let to_the_model = request.method == "POST";
        if let Some(alarm) = &mut seen.alarm
            && (to_the_model || !alarm.of_the_model)
        {
            alarm.left = alarm.left.saturating_sub(1);
            if alarm.left == 0 {
                // Nobody may be listening any more.
                let _ = alarm.ring.send(());
            }
        }
        answer
    }
}
