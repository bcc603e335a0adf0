//! `prism ingest` is killed at random moments, thirty times. What it had is kept: every
//! article comes to the end that its page allows, and no answer is bought twice but those
//! that were under way at a kill. `PRISM_TEST_SEED` draws other moments.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use prism::store::{JobState, Store};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use super::{
    common::{Prism, Ran, files},
    models::{KEY, chat, said},
};

const ARTICLES: usize = 60;
const KILLS: usize = 30;
/// `model.concurrency`.
const CALLS: usize = 4;
/// What `chat` costs at the prices of `house`, in millionths of a dollar.
const COST: u64 = 1100;
const FOLDERS: [&str; 5] = ["analyses", "articles", "completions", "held", "revisions"];

/// Numbers that a seed decides (SplitMix64).
struct Draws(u64);

impl Draws {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % most as u64).unwrap()
    }

    fn millis(&mut self, most: usize) -> Duration {
        Duration::from_millis(self.below(most) as u64)
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// What the paper does when it is asked for an article.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Page {
    Whole,
    Slow,
    BusyOnce,
    Gone,
    Consent,
}

/// What the model does when it is first asked about an article.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Well,
    Busy,
    Broken,
    Prose,
    Silent,
    Cut,
}

struct Article {
    page: Page,
    mood: Mood,
    place: String,
    title: String,
    paragraphs: Vec<String>,
    answer: Value,
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
struct Alarm {
    left: usize,
    /// Whether only requests to the model count.
    of_the_model: bool,
    ring: mpsc::Sender<()>,
}

/// What the server remembers.
#[derive(Default)]
struct Seen {
    alarm: Option<Alarm>,
    feeds: usize,
    /// How often each page was asked for.
    pages: HashMap<usize, usize>,
    /// What was first asked about each article, and how often.
    first: HashMap<usize, (Vec<u8>, usize)>,
    /// The runs in which each request for an answer was answered, and so billed.
    answered: HashMap<Vec<u8>, Vec<usize>>,
    /// The keys of the answers that the store had when a run died.
    kept: HashSet<String>,
    /// Those of them that were asked for all the same.
    asked_anew: Vec<String>,
}

/// The paper and the model.
#[derive(Clone)]
struct World {
    base: String,
    articles: Arc<Vec<Article>>,
    seen: Arc<Mutex<Seen>>,
}

impl World {
    fn new(draws: &mut Draws, port: u16) -> Self {
        let articles = (0..ARTICLES).map(|n| article(n, draws)).collect();
        Self {
            base: format!("http://127.0.0.1:{port}"),
            articles: Arc::new(articles),
            seen: Arc::default(),
        }
    }

    fn alarm_after(&self, left: usize, of_the_model: bool) -> mpsc::Receiver<()> {
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
        let items: String = (0..ARTICLES)
            .map(|n| {
                let title = &self.articles[n].title;
                format!("<item><title>{title}</title><link>{base}/news/{n}</link><guid isPermaLink=\"false\">n{n}</guid></item>")
            })
            .collect();
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
        let text: String = article
            .paragraphs
            .iter()
            .map(|text| format!("<p>{text}</p>"))
            .collect();
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

fn house(port: u16) -> Prism {
    let settings = format!(
        "[model]\nprovider = \"openai\"\nname = \"tiny\"\nbase_url = \"http://127.0.0.1:{port}/v1\"\n\
         api_key_env = \"HOUSE_KEY\"\nconcurrency = {CALLS}\n\
         price = {{ input = 1.0, cached_input = 0.5, output = 2.0 }}\n\
         [fetch]\nallow_private = [\"127.0.0.0/8:{port}\"]\n\
         [ingest]\nfirst_run_limit = 1000\nmax_new_per_run = 1000\n\
         [[feeds]]\nurl = \"http://127.0.0.1:{port}/feed\"\n"
    );
    Prism::with_settings(&settings).env("HOUSE_KEY", KEY)
}

/// Starts the run of this number.
fn ingest(prism: &Prism, run: usize) -> Child {
    prism
        .command(["ingest"])
        .env("PRISM_FETCH_USER_AGENT", format!("run-{run}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until the alarm rings or the run has come to its end.
fn wait_for(rings: &mpsc::Receiver<()>, child: &mut Child) {
    let began = Instant::now();
    while rings.recv_timeout(Duration::from_millis(3)).is_err()
        && child.try_wait().unwrap().is_none()
    {
        let waited = began.elapsed();
        assert!(waited < Duration::from_secs(30), "the run stands still");
    }
}

/// Starts and kills; gives how many runs there were.
fn kill_again_and_again(prism: &Prism, world: &World, draws: &mut Draws) -> usize {
    let mut killed = 0;
    let mut run = 0;
    let mut idle = false;
    while killed < KILLS {
        assert!(run < 4 * KILLS, "only {killed} of {run} runs were killed");
        // At any moment of its start, or after so many requests: two thirds of the kills
        // fall while answers are bought, however fast this machine is.
        let buying = killed >= KILLS / 3;
        let after = match draws.below(5) {
            _ if run == 0 => Some(1),
            0 => None,
            _ if idle => None,
            _ => Some(1 + draws.below(if buying { 6 } else { 9 })),
        };
        let rings = world.alarm_after(after.unwrap_or(usize::MAX), buying);
        let mut child = ingest(prism, run);
        if after.is_some() {
            wait_for(&rings, &mut child);
        }
        if run == 0 {
            // The first one waits for its feed.
            let second = numbered(prism, run, &["ingest"]);
            second.expect(5).says("another run holds");
        }
        std::thread::sleep(draws.millis(if after.is_some() { 30 } else { 60 }));
        idle = child.try_wait().unwrap().is_some();
        if !idle {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        world.seen.lock().unwrap().kept.extend(kept_answers(prism));
        run += 1;
    }
    let seen = world.seen.lock().unwrap();
    let answers: usize = seen.answered.values().map(Vec::len).sum();
    let kept = seen.kept.len();
    println!("{KILLS} of {run} runs killed; {answers} answers by then, {kept} kept");
    assert!(kept > 0, "no run that was killed had bought anything");
    run
}

/// The keys of the answers that the store has.
fn kept_answers(prism: &Prism) -> Vec<String> {
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.strip_suffix(".json").map(str::to_owned)
    };
    let there = files(&prism.path("prism-data/completions"));
    there.into_iter().filter_map(named).collect()
}

/// A run of any command that is let go to its end.
fn numbered(prism: &Prism, run: usize, args: &[&str]) -> Ran {
    let mut command = prism.command(args);
    command.env("PRISM_FETCH_USER_AGENT", format!("run-{run}"));
    Ran::of(command)
}

/// Every document of the store, by path.
fn documents(prism: &Prism) -> BTreeMap<PathBuf, Vec<u8>> {
    let state = ["lock", "state.db", "state.db-shm", "state.db-wal"].map(Path::new);
    let mut all: BTreeMap<_, _> = prism.store_bytes().into_iter().collect();
    all.retain(|path, _| !state.contains(&path.as_path()));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_thirty_times_loses_nothing_and_buys_nothing_twice() {
    let seed = std::env::var("PRISM_TEST_SEED").map_or(5, |seed| seed.parse().unwrap());
    println!("PRISM_TEST_SEED={seed}");
    let mut draws = Draws(seed);
    let server = MockServer::start().await;
    let port = server.address().port();
    let world = World::new(&mut draws, port);
    let mock = Mock::given(any()).respond_with(world.clone());
    mock.mount(&server).await;
    let theirs = world.clone();
    let run = move || {
        let prism = house(port);
        let runs = kill_again_and_again(&prism, &theirs, &mut draws);
        it_comes_to_its_end(&prism, &theirs, runs);
        prism
    };
    let prism = tokio::task::spawn_blocking(run).await.unwrap();
    every_article_has_the_end_that_its_page_allows(&prism, &world, port).await;
}

fn it_comes_to_its_end(prism: &Prism, world: &World, runs: usize) {
    let ran = numbered(prism, runs, &["ingest", "--report", "report.json"]).expect(0);
    println!("{}", ran.stderr);
    // What is being written is somebody's for two seconds.
    std::thread::sleep(Duration::from_millis(2100));
    let before = documents(prism);
    let answered = world.seen.lock().unwrap().answered.clone();
    numbered(prism, runs + 1, &["ingest"])
        .expect(0)
        .says("nothing was bought");
    assert_eq!(world.seen.lock().unwrap().answered, answered);
    let after = documents(prism);
    let whole = |(path, _): &(&PathBuf, &Vec<u8>)| !path.to_string_lossy().contains(".json#");
    assert!(
        before.iter().filter(whole).eq(after.iter()),
        "documents changed where nothing was bought, or were left half written: {:?}",
        after.keys()
    );
    for folder in FOLDERS {
        // Which reads each as JSON.
        prism.documents(folder);
    }
    assert_eq!(std::fs::read(prism.path("prism-data/lock")).unwrap(), b"");
    let ran = prism.run(["doctor", "--offline", "--verify-store", "--format", "json"]);
    let lines = ran.json_lines();
    let store: Vec<_> = lines
        .iter()
        .filter(|line| line["check"] == "store" || line["check"] == "database")
        .collect();
    assert!(
        store.len() > 1 && store.iter().all(|line| line["level"] == "ok"),
        "{lines:#?}"
    );
    assert_eq!(world.seen.lock().unwrap().asked_anew, [""; 0]);
    nothing_is_bought_twice(prism, &answered, runs);
}

fn nothing_is_bought_twice(prism: &Prism, answered: &HashMap<Vec<u8>, Vec<usize>>, runs: usize) {
    // An answer that was asked for again is lost; a killed run may lose those under way.
    let mut lost: BTreeMap<usize, usize> = BTreeMap::new();
    for by in answered.values() {
        for run in &by[..by.len() - 1] {
            *lost.entry(*run).or_default() += 1;
        }
        let mut once = by.clone();
        once.dedup();
        assert_eq!(&once, by, "one run bought the same answer twice");
    }
    println!("answers lost by run: {lost:?}");
    assert!(lost.values().all(|lost| *lost <= CALLS), "{lost:?}");
    assert!(lost.keys().all(|run| *run < runs), "{lost:?}");
    assert_eq!(prism.documents("completions").len(), answered.len());

    let billed: usize = answered.values().map(Vec::len).sum();
    let costs = prism.run(["costs", "--format", "json"]).expect(0);
    let sum = |key: &str| -> u64 {
        let lines = costs.json_lines();
        lines.iter().map(|line| line[key].as_u64().unwrap()).sum()
    };
    assert!(sum("cost_micro_dollars") >= billed as u64 * COST);
    assert!(sum("calls") >= billed as u64);
    let most = billed + KILLS * CALLS;
    assert!(sum("calls") <= most as u64, "{} calls", sum("calls"));
}

async fn every_article_has_the_end_that_its_page_allows(prism: &Prism, world: &World, port: u16) {
    let store = Store::open(&prism.path("prism-data")).await.unwrap();
    let feed = format!("http://127.0.0.1:{port}/feed");
    let mut written = Vec::new();
    for (n, article) in world.articles.iter().enumerate() {
        let job = store.job(&feed, &format!("n{n}")).await.unwrap();
        let job = job.unwrap_or_else(|| panic!("the store does not know article {n}"));
        assert_eq!(job.state, JobState::Done, "{job:?}");
        let may_be: &[&str] = match article.page {
            Page::Gone => &["failed"],
            Page::Consent => &["skipped"],
            // Found unchanged where a run was killed between writing it and noting that.
            Page::Whole | Page::Slow | Page::BusyOnce => &["saved", "unchanged"],
        };
        assert!(
            may_be.contains(&job.outcome.as_str()),
            "{:?}, {:?}: {job:?}",
            article.page,
            article.mood
        );
        assert!(job.seen <= Timestamp::now());
        if may_be.contains(&"saved") {
            written.push(article.answer["title"].as_str().unwrap().to_owned());
        }
    }
    store.close().await;
    written.sort();
    let list = prism.run(["list", "--format", "json"]).expect(0);
    let titles = |analyses: &[Value]| {
        let title = |analysis: &Value| analysis["title"].as_str().unwrap().to_owned();
        let mut titles: Vec<_> = analyses.iter().map(title).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles(&list.json_lines()), written);
    for folder in ["analyses", "revisions"] {
        let there: Vec<_> = prism
            .documents(folder)
            .into_iter()
            .map(|one| one.1)
            .collect();
        assert_eq!(titles(&there), written, "in `{folder}`");
    }
}
