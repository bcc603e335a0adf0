//! `prism ingest` is killed at random moments, thirty times. What it had is kept: every
//! article comes to the end that its page allows, and no answer is bought twice but those
//! that were under way at a kill. `PRISM_TEST_SEED` draws other moments.

#![expect(
    clippy::print_stdout,
    reason = "what was drawn is shown where it failed"
)]

mod paper;

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use prism::store::{JobState, Store};
use serde_json::Value;
use wiremock::{Mock, MockServer, matchers::any};

use self::paper::{Draws, Page, World};
use super::{
    common::{Prism, Ran, files},
    models::KEY,
};

const KILLS: usize = 30;
/// `model.concurrency`.
const CALLS: usize = 4;
/// What `chat` costs at the prices of `house`, in millionths of a dollar.
const COST: u64 = 1100;
const FOLDERS: [&str; 5] = ["analyses", "articles", "completions", "held", "revisions"];

fn house(port: u16) -> Prism {
    let settings = format!(
        "[model]\nprovider = \"openai\"\nname = \"tiny\"\nbase_url = \"http://127.0.0.1:{port}/v1\"\n\
         api_key_env = \"HOUSE_KEY\"\nconcurrency = {CALLS}\n\
         price = {{ input = 1.0, cached_input = 0.5, output = 2.0 }}\n\
         [fetch]\nallow_private = [\"127.0.0.0/8:{port}\"]\n\
         [ingest]\nmax_age = \"1000000h\"\nfirst_run_limit = 1000\nmax_new_per_run = 1000\n\
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
    let mut draws = Draws::new(seed);
    let server = MockServer::start().await;
    let port = server.address().port();
    let world = World::new(port);
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
    let differ: Vec<_> = before
        .keys()
        .chain(after.keys())
        .filter(|path| before.get(*path) != after.get(*path))
        .filter(|path| !path.to_string_lossy().contains(".json#"))
        .collect();
    assert!(
        differ.is_empty(),
        "changed where nothing was bought: {differ:?}"
    );
    let half: Vec<_> = after
        .keys()
        .filter(|path| path.to_string_lossy().contains(".json#"))
        .collect();
    assert!(half.is_empty(), "left half written: {half:?}");
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
        let job = store.job(&feed, &format!("gazette-{n}")).await.unwrap();
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
            written.push(article.text.answer()["title"].as_str().unwrap().to_owned());
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
