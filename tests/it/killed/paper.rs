//! Sixty articles of the made-up paper of `examples/crowd`, and a model that writes of them.
//! Both misbehave now and then, and remember what they were asked.

#[path = "../../../examples/crowd/paper.rs"]
mod articles;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use wiremock::{Request, Respond, ResponseTemplate};

use self::articles::{Article as Text, Draw};
use crate::models::{chat, said};

const ARTICLES: usize = 60;

/// Numbers that a seed decides.
pub(super) struct Draws(Draw);

impl Draws {
    pub(super) fn new(seed: u64) -> Self {
        Self(Draw::new(seed))
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.0.between(0, most as u64 - 1)).unwrap()
    }

    pub(super) fn millis(&mut self, most: usize) -> Duration {
        Duration::from_millis(self.below(most) as u64)
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

/// An article and what goes wrong with it.
pub(super) struct Article {
    pub(super) page: Page,
    pub(super) mood: Mood,
    pub(super) text: Text,
}

fn article(n: usize) -> Article {
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
        text: Text::new(n),
    }
}

const CONSENT: &str = "<!doctype html><html lang=en><head><title>Before you continue</title></head>\
    <body><article><h1>Before you continue</h1><p>We and our partners use cookies to store and read \
    data on your device. Do you accept cookies and the use of your personal data?</p>\
    <button>Accept all</button><button>Manage settings</button></article></body></html>";

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
    host: String,
    pub(super) articles: Arc<Vec<Article>>,
    pub(super) seen: Arc<Mutex<Seen>>,
}

impl World {
    pub(super) fn new(port: u16) -> Self {
        Self {
            host: format!("127.0.0.1:{port}"),
            articles: Arc::new((0..ARTICLES).map(article).collect()),
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
        let item = |article: &Article| article.text.item(&self.host);
        let items: String = self.articles.iter().map(item).collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>The Loopback Post</title>{items}</channel></rss>"
        );
        ResponseTemplate::new(200).set_body_raw(feed, "application/rss+xml")
    }

    fn page(&self, n: usize, times: usize) -> ResponseTemplate {
        let article = &self.articles[n];
        let html = |page: String| {
            ResponseTemplate::new(200).set_body_raw(page, "text/html; charset=utf-8")
        };
        let whole = || html(article.text.page(&self.host));
        match article.page {
            Page::Gone => ResponseTemplate::new(404),
            Page::BusyOnce if times == 1 => ResponseTemplate::new(503),
            Page::Consent => html(CONSENT.to_owned()),
            Page::Slow => whole().set_delay(Duration::from_millis(250)),
            Page::Whole | Page::BusyOnce => whole(),
        }
    }

    fn says(&self, request: &Request, run: usize, seen: &mut Seen) -> ResponseTemplate {
        let asked = String::from_utf8_lossy(&request.body);
        let text = Text::asked_for(&asked).expect("a prompt is about an article");
        let n = text.nth;
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
            Mood::Well | Mood::Busy | Mood::Broken => said(&text.answer()),
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
        } else if let Some(n) = path.strip_prefix("/article/") {
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
